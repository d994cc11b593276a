"""What happened today, counted from pushes as they come: by voucher, hour, channel, clerk and till.

WeChat repeats a push for up to a day, and whoever handles it may die half way, so each fact is counted under its own
name, once. Days are WeChat's (UTC+8) and those of CreateTime, so every copy of a push falls on the same one.
Source: "Coupons, Vouchers and Cards event push messages": user_get_card, user_gifting_card, user_consume_card,
user_del_card.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot import clock
from bot.store import Script, Store
from bot.store import count_keys as keys
from bot.wechat.account import Account

KEPT_SECONDS = 400 * 86_400
REPEATED_SECONDS = 9 * 86_400
"""Seconds the names of what was counted are kept; an identity is remembered for seven days."""

SETS = 8
"""The names of a day lie in so many sets: up to 512 numbers in one take eight bytes each, and many times that above."""

_COUNT = Script("""
-- names counted that day, the day's numbers, the voucher's numbers | name, field of the voucher, seconds to keep names,
-- seconds to keep numbers, hour, then the words of the tally. Whether it was new.
-- Words repeat in hundreds of fields, and some are long: within its day each word has a number, and fields hold those.
if redis.call('SADD', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('EXPIRE', KEYS[1], ARGV[3])
local field = ARGV[5]
for i = 6, #ARGV do
  local number = redis.call('HGET', KEYS[2], '=' .. ARGV[i])
  if not number then
    number = redis.call('HINCRBY', KEYS[2], '#', 1)
    redis.call('HSET', KEYS[2], '=' .. ARGV[i], number)
  end
  field = field .. ' ' .. number
end
redis.call('HINCRBY', KEYS[2], field, 1)
redis.call('EXPIRE', KEYS[2], ARGV[4])
redis.call('HINCRBY', KEYS[3], ARGV[2], 1)
redis.call('EXPIRE', KEYS[3], ARGV[4])
return 1
""")


class What(StrEnum):
    """What is counted."""

    CLAIMED = "claimed"
    TAKEN = "taken"  # from a friend: the code is new, the claim is not
    REDEEMED = "redeemed"
    GIVEN = "given"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Tally:
    """What a number is about.

    ``hour`` is WeChat's (0 to 23), ``channel`` the outer_str of the code that was scanned, ``source`` WeChat's word for
    how it was redeemed (``FROM_API`` …), ``staff`` the openid of who did it and ``till`` where, as far as is known.
    """

    what: What
    card_id: str
    hour: int
    channel: str = ""
    source: str = ""
    staff: str = ""
    till: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """What came of one channel of a voucher; ``name`` is its outer_str, "" for codes without one."""

    name: str
    claimed: int = 0
    redeemed: int = 0


class Counters:
    """The counters of one account."""

    def __init__(self, store: Store, account: Account) -> None:
        self._store = store
        self._appid = account.appid

    async def count(
        self, what: What, fact: str, at: float, card_id: str, *, channel: str = "", source: str = "", staff: str = "",
        till: str = "",
    ) -> bool:  # fmt: skip
        """Count one ``fact`` of a voucher that happened ``at`` (seconds since 1970), unless it has been.

        Whether it was new.
        """
        moment = clock.local(at)
        day = moment.date().isoformat()
        name = _name(what, card_id, fact)
        touched = [
            keys.counted(self._appid, day, name % SETS), keys.tallies(self._appid, day),
            keys.channel_counts(self._appid, card_id),
        ]  # fmt: skip
        told: list[str | int] = [name, _field(what, channel), REPEATED_SECONDS, KEPT_SECONDS, moment.hour]
        told += [what, card_id, channel, source, staff, *([till] if till else [])]
        return bool(await self._store.script(_COUNT, touched, told))

    async def day(self, day: date) -> dict[Tally, int]:
        """All that was counted on one of WeChat's days."""
        found: Mapping[str, str] = await self._store.do("HGETALL", keys.tallies(self._appid, day.isoformat()))
        words = {number: field[1:] for field, number in found.items() if field.startswith("=")}
        return {_tally(field, words): int(number) for field, number in found.items() if field[:1].isdigit()}

    async def channels(self, card_id: str) -> list[Channel]:
        """What came of each channel of a voucher, the busiest first."""
        found: Mapping[str, str] = await self._store.do("HGETALL", keys.channel_counts(self._appid, card_id))
        numbers: dict[str, dict[str, int]] = {}
        for field, number in found.items():
            what, name = json.loads(field)
            numbers.setdefault(name, {})[what] = int(number)
        channels = [
            Channel(name, each.get(What.CLAIMED, 0), each.get(What.REDEEMED, 0))
            for name, each in numbers.items()
            if What.CLAIMED in each or What.REDEEMED in each
        ]
        return sorted(channels, key=lambda each: (-each.claimed, -each.redeemed, each.name))


def _name(what: What, card_id: str, fact: str) -> int:
    """What a fact is known by: a number of 64 bits, since Redis keeps a small set of numbers in eight bytes each."""
    return int.from_bytes(hashlib.blake2b(f"{what}:{card_id}:{fact}".encode(), digest_size=8).digest(), signed=True)


def _field(*parts: str) -> str:
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _tally(field: str, words: Mapping[str, str]) -> Tally:
    """A field of :func:`bot.store.count_keys.tallies`, with what the numbers in it stand for."""
    hour, *numbers = field.split(" ")
    what, *rest = (words[number] for number in numbers)
    card_id, channel, source, staff, *till = rest
    return Tally(What(what), card_id, int(hour), channel, source, staff, *till)
