"""Kinds of notices: who may see them, to whom they come unasked, and how people name them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from bot.merchants.roles import Role, plain


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the least role that may see what it tells, the least role it comes to unasked, its names."""

    sees: Role
    unasked: Role
    words: tuple[str, ...]


KINDS = MappingProxyType(
    {
        "reviews": Kind(Role.VIEWER, Role.MANAGER, ("reviews", "review", "审核", "审核结果")),
        "stock": Kind(Role.VIEWER, Role.MANAGER, ("stock", "low stock", "库存", "库存不足")),
        "credit": Kind(Role.MANAGER, Role.MANAGER, ("credit", "credits", "券点")),
        "expiring": Kind(Role.VIEWER, Role.MANAGER, ("expiring", "expiry", "到期", "快到期")),
        "pending": Kind(Role.VIEWER, Role.MANAGER, ("pending", "审核超时", "超时")),
        "people": Kind(Role.OWNER, Role.OWNER, ("people", "operators", "成员")),
        "system": Kind(Role.OWNER, Role.OWNER, ("system", "faults", "系统", "故障")),
    }
)
"""By the name the program uses, in the order people are shown them."""

_BY_WORD = {word: name for name, kind in KINDS.items() for word in kind.words}
_ALL = ("", "all", "全部", "所有")
_SWITCHES = {
    "on": True, "开启": True, "打开": True, "开": True,
    "off": False, "关闭": False, "关掉": False, "关": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """What a line asks for.

    ``on`` is None where only a look is asked for; ``kind`` is "" for all of them, None where ``words`` name none.
    """

    on: bool | None
    kind: str | None
    words: str


def offered(role: Role) -> list[str]:
    """The kinds ``role`` may see."""
    return [name for name, kind in KINDS.items() if role >= kind.sees]


def reaches(name: str, role: Role, chosen: bool | None) -> bool:
    """Whether notices of this kind come to somebody of ``role`` who ``chosen`` so (None: never chose)."""
    kind = KINDS[name]
    return role >= kind.sees and (role >= kind.unasked if chosen is None else chosen)


def read(line: str) -> Wish:
    """``off stock``, ``stock off``, ``关闭库存提醒``, ``on``, ``""``: the switch may stand at either end."""
    words = plain(line).strip(" 。.!！")
    on, words = _switch(words)
    words = words if words in _BY_WORD else words.removesuffix("alerts").removesuffix("提醒").strip()
    return Wish(on, "" if words in _ALL else _BY_WORD.get(words), words)


def _switch(words: str) -> tuple[bool | None, str]:
    """The switch at one end of ``words``, the longest that fits, and what is left."""
    for word in sorted(_SWITCHES, key=len, reverse=True):
        for rest, joint in ((words.removeprefix(word), 0), (words.removesuffix(word), -1)):
            # A Latin switch is a word of its own; a Chinese one needs no space.
            if rest != words and (not word.isascii() or not rest or rest[joint].isspace() or not rest[joint].isascii()):
                return _SWITCHES[word], rest.strip()
    return None, words
