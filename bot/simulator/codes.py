"""Codes: one per claim, with its holder, its state and whoever has marked it.

Source: vouchers.md 5.1 (states) and 10.3 (gifts). A code of digits is twelve long.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bot.simulator.days import DAY, day_of, timestamp
from bot.simulator.persistence import Store
from bot.simulator.shelf import Shelf, Voucher
from bot.simulator.stream import Stream
from bot.simulator.vouchers import base_info

USABLE = {"NORMAL", "GIFT_TIMEOUT"}
"""States that are the holder's to use, as long as the dates allow."""


@dataclass
class Code:
    """One claimed voucher.

    ``state`` is what user_card_status says but for EXPIRE, which the clock decides. ``begin``, ``end``: of a
    voucher valid for so many days after claiming; 0 where the voucher's own dates hold (an extension reaches
    claimed codes, too). ``marked_by``: whom card/code/mark has reserved it for.
    """

    appid: str
    code: str
    card_id: str
    openid: str
    claimed_at: float
    begin: int = 0
    end: int = 0
    outer_str: str = ""
    outer_id: int = 0
    state: str = "NORMAL"
    marked_by: str = ""
    consumed_at: float = 0.0
    reason: str = ""
    gift_to: str = ""


class CodeBook:
    """The codes of every account."""

    def __init__(self, store: Store, stream: Stream, shelf: Shelf) -> None:
        self._store, self._stream, self._shelf = store, stream, shelf
        self._codes: dict[str, dict[str, Code]] = {}
        for appid, key, value in store.all("code"):
            self._codes.setdefault(appid, {})[key] = Code(**value)

    def issue(self, voucher: Voucher, openid: str, *, wanted: str = "", outer_str: str = "", outer_id: int = 0) -> Code:
        """A new code of a voucher; ``wanted`` is a custom code."""
        begin, end = _term(voucher)
        number = wanted or self._fresh(voucher.appid)
        code = Code(voucher.appid, number, voucher.card_id, openid, time.time(), begin, end, outer_str, outer_id)
        self.save(code)
        return code

    def _fresh(self, appid: str) -> str:
        while True:
            number = str(secrets.randbelow(9 * 10**11) + 10**11)
            if number not in self._codes.get(appid, {}):
                return number

    def save(self, code: Code) -> None:
        """Keep a new or changed code and tell the watchers."""
        self._codes.setdefault(code.appid, {})[code.code] = code
        self._store.put("code", code.appid, code.code, asdict(code))
        self._stream.publish("code", appid=code.appid, openid=code.openid, code=code.code, state=code.state)

    def find(self, appid: str, number: str) -> Code | None:
        """The code, whatever became of it."""
        return self._codes.get(appid, {}).get(number)

    def of(self, appid: str) -> Iterator[Code]:
        """All codes of an account, oldest first."""
        return iter(self._codes.get(appid, {}).values())

    def held(self, appid: str, openid: str, card_id: str = "") -> list[Code]:
        """A person's codes, of one voucher or of all."""
        return [code for code in self.of(appid) if code.openid == openid and card_id in {"", code.card_id}]

    def voucher(self, code: Code) -> Voucher:
        """The voucher it is a claim of."""
        return self._shelf.find(code.appid, code.card_id)

    def validity(self, code: Code) -> tuple[int, int]:
        """From when until when it may be used, in seconds."""
        if code.end:
            return code.begin, code.end
        dates = base_info(self.voucher(code).card)["date_info"]
        return int(dates["begin_timestamp"]), int(dates["end_timestamp"])

    def status(self, code: Code) -> str:
        """user_card_status as it is now."""
        return "EXPIRE" if code.state in USABLE and time.time() > self.validity(code)[1] else code.state

    def usable(self, code: Code) -> bool:
        """Whether it may be redeemed now: its state and its dates allow it."""
        return self.status(code) in USABLE and time.time() >= self.validity(code)[0]


def _term(voucher: Voucher) -> tuple[int, int]:
    """Begin and end of a claim made now, (0, 0) where the voucher's dates hold."""
    dates = base_info(voucher.card)["date_info"]
    if dates["type"] != "DATE_TYPE_FIX_TERM":
        return 0, 0
    first = day_of(time.time()) + DAY * int(dates.get("fixed_begin_term", 0))
    return timestamp(first), timestamp(first + DAY * (int(dates["fixed_term"]) - 1), end=True)
