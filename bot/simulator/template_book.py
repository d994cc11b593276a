"""The templates of each account, what their keys may hold, and how the next messages by template will end.

Sources: template message page; value rules of subscription messages, which are taken to hold here, too (not
confirmed); community answers about ``first``, ``remark`` and line breaks.
"""

from __future__ import annotations

import re
import secrets
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.errors import ApiError

SUCCESS = "success"
SAME_MESSAGE_SECONDS = 600
"""So long one client_msg_id to one person is one message."""
MOST = 25
FILTERED = {"first", "remark"}
_FIELD = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_DAY = r"\d{4}年(1[0-2]|0?[1-9])月(3[01]|[12]\d|0?[1-9])日"

RULES: dict[str, str] = {
    "thing": r".{1,20}",
    "number": r"(?=.{1,32}$)\d+(\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[!-~]([ -~]{0,30}[!-~])?",
    "time": rf"({_DAY} )?{_CLOCK}",
    "date": rf"{_DAY}( {_CLOCK})?",
    "amount": r"[¥$]?\d{1,10}(\.\d{1,2})?元?",
    "phone_number": r"[\d+-]{1,17}",
    "car_number": r"[\u4e00-\u9fff]?[A-Z0-9]{1,6}[A-Z0-9\u4e00-\u9fff]",
    "name": r"[\u4e00-\u9fff]{1,10}|[^\u4e00-\u9fff\d]{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "keyword": r".{1,200}",
}
"""Kind of a key (its name without the number) → what a value must look like."""


@dataclass(frozen=True)
class Template:
    """A template of an account; ``choices`` are the values a ``const`` key may have."""

    template_id: str
    title: str
    content: str
    example: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The keys that must be given."""
        return [name for name in dict.fromkeys(_FIELD.findall(self.content)) if name not in FILTERED]

    def rows(self, values: Mapping[str, str]) -> tuple[Mapping[str, str], ...]:
        """The lines of the message as they show: label and value; lines of filtered keys are gone."""
        lines = [line for line in self.content.splitlines() if set(_FIELD.findall(line)) & set(values)]
        parts = [_FIELD.split(line, maxsplit=1) for line in lines]
        return tuple({"label": label.strip(" :：\t"), "value": values[name]} for label, name, _ in parts)

    def read(self, data: Any) -> dict[str, str]:
        """What is shown for each key. Raises 47001, 47003 (with the name of the first key that is wrong)."""
        if not isinstance(data, Mapping) or not all(isinstance(given, Mapping) for given in data.values()):
            raise ApiError(47001)
        for name in data:
            if name not in self.names and name not in FILTERED:
                raise _wrong(name, "invalid")
        return {name: self._value(name, data.get(name, {}).get("value")) for name in self.names}

    def _value(self, name: str, value: Any) -> str:
        if value is None or value == "":
            raise _wrong(name, "is empty")
        if not isinstance(value, str):
            raise _wrong(name, "invalid")
        shown = value.split("\n", 1)[0].rstrip("\r")  # the rest of the lines is cut
        if name in self.choices:
            allowed = shown in self.choices[name]
        else:
            allowed = re.fullmatch(RULES.get(name.rstrip("0123456789"), RULES["thing"]), shown) is not None
        if not allowed:
            raise _wrong(name, "invalid")
        return shown


def _wrong(name: str, how: str) -> ApiError:
    return ApiError(47003, f"argument invalid! data.{name}.value {how}")


class TemplateBook:
    """The templates by account."""

    def __init__(self) -> None:
        self._templates: dict[str, dict[str, Template]] = {}
        self._sent: dict[tuple[str, str, str], tuple[float, int]] = {}
        self._ends: deque[str | None] = deque()

    def add(
        self, appid: str, title: str, content: str, example: str = "", template_id: str = "", **choices: tuple[str, ...]
    ) -> str:
        """Give an account a template; its id. Raises :exc:`ValueError` for the twenty-sixth."""
        own = self._templates.setdefault(appid, {})
        if len(own) >= MOST:
            raise ValueError(f"{appid} has {MOST} templates already")
        template_id = template_id or secrets.token_urlsafe(32)
        own[template_id] = Template(template_id, title, content, example, choices)
        return template_id

    def remove(self, appid: str, template_id: str) -> None:
        """Take a template away."""
        self._templates.get(appid, {}).pop(template_id, None)

    def of(self, appid: str) -> list[Template]:
        """An account's templates, oldest first."""
        return list(self._templates.get(appid, {}).values())

    def find(self, appid: str, template_id: Any) -> Template:
        """One of them. Raises 40037."""
        found = self._templates.get(appid, {}).get(template_id) if isinstance(template_id, str) else None
        if found is None:
            raise ApiError(40037)
        return found

    def will_end(self, status: str | None, times: int = 1) -> None:
        """The next messages end with ``status`` (``"failed:user block"``); None: nothing is ever heard of them."""
        self._ends.extend([status] * times)

    def next_end(self) -> str | None:
        """How the message just sent ends."""
        return self._ends.popleft() if self._ends else SUCCESS

    def clear(self) -> None:
        """All messages arrive again."""
        self._ends.clear()

    def sent_before(self, appid: str, openid: str, client_msg_id: str) -> int | None:
        """The msgid of the same message of the last ten minutes."""
        at, msgid = self._sent.get((appid, openid, client_msg_id), (0.0, 0))
        return msgid if client_msg_id and time.time() - at < SAME_MESSAGE_SECONDS else None

    def note_sent(self, appid: str, openid: str, client_msg_id: str, msgid: int) -> None:
        """Remember a message by its client_msg_id."""
        self._sent[appid, openid, client_msg_id] = (time.time(), msgid)
