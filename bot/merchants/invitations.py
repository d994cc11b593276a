"""One-time codes that make somebody an operator.

A code carries 79 bits and is stored as its digest only, so whoever reads the store cannot join. Its characters are
ones that look alike to nobody; case, spaces and dashes do not count when it is typed.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass

from bot import clock
from bot.errors import Explained
from bot.merchants.roles import Role, plain
from bot.merchants.roster import Operator
from bot.store import Script, Store, keys, shop_keys
from bot.wechat.account import Account

LIFETIME = 24 * 3600
"""Seconds a code is good for."""

WRONG_CODES = 5
WRONG_CODES_PERIOD = 3600
"""So many wrong codes per person and so many seconds, then no code is looked at."""

_KEPT = 7 * 24 * 3600
"""Seconds an invitation is kept, so that a late code is told to be late instead of wrong."""

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_GROUPS, _GROUP = 4, 4

_LOOK_UP = Script("""
-- KEYS: invitation, this person's wrong codes (times, latest first). ARGV: now, how many, period.
-- Returns {'limited', until}, {'wrong', how many}, or {'found', field, value, …}.
local oldest = redis.call('LINDEX', KEYS[2], tonumber(ARGV[2]) - 1)
if oldest and tonumber(oldest) > tonumber(ARGV[1]) - tonumber(ARGV[3]) then
  return {'limited', tostring(tonumber(oldest) + tonumber(ARGV[3]))}
end
local found = redis.call('HGETALL', KEYS[1])
if #found > 0 then
  table.insert(found, 1, 'found')
  return found
end
redis.call('LPUSH', KEYS[2], ARGV[1])
redis.call('LTRIM', KEYS[2], 0, tonumber(ARGV[2]) - 1)
redis.call('EXPIRE', KEYS[2], ARGV[3])
local wrong = 0
for _, at in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  if tonumber(at) > tonumber(ARGV[1]) - tonumber(ARGV[3]) then wrong = wrong + 1 end
end
return {'wrong', wrong}
""")


_WRITE = Script("""
-- KEYS: invitation, who is invited by which digest, perhaps an earlier invitation of the same name.
-- ARGV: seconds to keep, name, digest, then field, value, …
if KEYS[3] and redis.call('EXISTS', KEYS[3]) == 1 then redis.call('HSET', KEYS[3], 'replaced', '1') end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
  redis.call('EXPIRE', KEYS[2], ARGV[1])
end
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
return redis.call('EXPIRE', KEYS[1], ARGV[1])
""")


class WrongCode(Explained):
    """No invitation has this code. ``left`` more may be tried within the hour."""

    def __init__(self, left: int) -> None:
        super().__init__("join_shop.wrong", left=left)


class TooManyWrongCodes(Explained):
    """No code of this person is looked at before ``until`` (seconds since 1970)."""

    def __init__(self, until: float) -> None:
        super().__init__("join_shop.too_many", until=until, tries=WRONG_CODES)


class InvitationOver(Explained):
    """A true code that is good no more. ``reason``: ``used``, ``expired``, ``replaced`` or ``withdrawn`` (the inviter
    went)."""

    def __init__(self, reason: str) -> None:
        super().__init__("join_shop.over", reason=reason)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a code is good for. ``by`` is an openid or the shell's name; ``used_by`` an openid, "" while unused."""

    key: str
    role: Role
    name: str
    by: str
    expires_at: float
    used_by: str = ""
    replaced: bool = False

    @property
    def good(self) -> bool:
        """Whether somebody may still redeem it."""
        return not self.used_by and not self.replaced and self.expires_at > clock.now()

    def demand_good(self) -> None:
        """Raise :exc:`InvitationOver` for one that was redeemed or is too old."""
        if not self.good:
            raise InvitationOver("used" if self.used_by else "replaced" if self.replaced else "expired")


@dataclass(frozen=True, slots=True)
class Joined:
    """What an invitation led to.

    ``before`` is the role the person had (None: a newcomer); where it is not lower than ``offered`` nothing changed
    and the invitation stays as ``good`` as it was. ``by`` is who invited: an operator as the shop calls them, or the
    shell.
    """

    operator: Operator
    before: Role | None
    offered: Role
    by: str
    good: bool = False

    @property
    def changed(self) -> bool:
        """Whether the person is more now than before."""
        return self.before is None or self.operator.role > self.before


class Invitations:
    """The invitations of ``account``."""

    def __init__(self, store: Store, account: Account) -> None:
        self._store = store
        self._appid = account.appid

    async def write(self, role: Role, name: str, by: str) -> str:
        """A new code for ``role``, good for :data:`LIFETIME` seconds.

        An earlier one for the same name is good no more: a code sent to the wrong person is withdrawn by inviting
        the right one again.
        """
        code = new_code()
        invited, field = keys.invited(self._appid), plain(name)
        earlier = await self._store.do("HGET", invited, field)
        touched = [keys.invitation(self._appid, digest(code)), invited]
        touched += [keys.invitation(self._appid, earlier)] if earlier else []
        fields = {"role": role.word, "name": name, "by": by, "expires_at": repr(clock.now() + LIFETIME)}
        flat = [part for pair in fields.items() for part in pair]
        await self._store.write(shop_keys.code_shop(digest(code)), self._appid, seconds=_KEPT)
        await self._store.script(_WRITE, touched, [_KEPT, field, digest(code), *flat])
        return code

    async def shop_of(self, code: str) -> str | None:
        """The appid of the shop that ``code`` is of, whichever it is. Nothing is counted: ask :meth:`limited` first."""
        known: str | None = await self._store.read(shop_keys.code_shop(digest(code)))
        return known

    async def limited(self, openid: str) -> bool:
        """Whether no code of this person is looked at now, right or wrong."""
        oldest = await self._store.do("LINDEX", keys.wrong_codes(self._appid, openid), WRONG_CODES - 1)
        return oldest is not None and float(oldest) > clock.now() - WRONG_CODES_PERIOD

    async def read(self, code: str, openid: str) -> Invitation:
        """The invitation behind ``code`` as ``openid`` typed it, used and expired ones too.

        Raises :exc:`WrongCode` and :exc:`TooManyWrongCodes`; the latter for right codes as well, else it could be
        told which code was right.
        """
        key = keys.invitation(self._appid, digest(code))
        wrong = keys.wrong_codes(self._appid, openid)
        limits = [clock.now(), WRONG_CODES, WRONG_CODES_PERIOD]
        outcome, *rest = await self._store.script(_LOOK_UP, [key, wrong], limits)
        if outcome == "limited":
            raise TooManyWrongCodes(float(rest[0]))
        if outcome == "wrong":
            raise WrongCode(WRONG_CODES - int(rest[0]))
        fields = dict(zip(rest[::2], rest[1::2], strict=True))
        return Invitation(
            key,
            Role[fields["role"].upper()],
            fields["name"],
            fields["by"],
            float(fields["expires_at"]),
            fields.get("used_by", ""),
            "replaced" in fields,
        )


def new_code() -> str:
    """A code as it is shown: ``K7QM-3RXD-9WVF-T2HB``. It has a digit, so that no word looks like one."""
    while True:
        groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
        code = "-".join(groups)
        if looks_like_code(code):
            return code


def looks_like_code(text: str) -> bool:
    """Whether ``text`` is a code, perhaps a mistyped one, and not what customers say after the same word."""
    letters = _letters(text)
    return letters.isascii() and len(letters) >= _GROUPS * _GROUP // 2 and any(map(str.isdecimal, letters))


def digest(code: str) -> str:
    """What stands in the store for ``code``, however it was typed."""
    return hashlib.sha256(_letters(code).encode()).hexdigest()


def _letters(code: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", code).upper() if sign.isalnum())
