"""The older strong authorisation: the provider's qualification, and the merchants it entered (vouchers.md 8.4)."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.simulator.persistence import Store
from bot.simulator.stream import Stream

Result = Literal["RESULT_PASS", "RESULT_NOT_PASS", "RESULT_CHECKING", "RESULT_NOTHING_TO_CHECK"]
PAGE = 20
"""Merchants a page; another source says 100."""


@dataclass
class CardMerchant:
    """A merchant's papers and WeChat's answer."""

    appid: str
    info: dict[str, Any]
    submit_time: int
    result: Result = "RESULT_CHECKING"
    reason: str = ""

    def shown(self) -> dict[str, Any]:
        """As get_card_merchant prints it: no media ids."""
        names = ("name", "primary_category_id", "secondary_category_id")
        shown = {name: self.info[name] for name in names}
        return {"appid": self.appid, **shown, "submit_time": self.submit_time, "result": self.result}


class CardAgents:
    """The one provider, and its merchants by appid."""

    def __init__(self, store: Store, stream: Stream) -> None:
        self._store, self._stream = store, stream
        self._merchants = {appid: CardMerchant(**value) for appid, _, value in store.all("card_merchant")}
        self.agent: Result = next((value for _, _, value in store.all("card_agent")), "RESULT_NOTHING_TO_CHECK")

    def set_agent(self, appid: str, result: Result) -> None:
        """Where the provider's own qualification stands."""
        self.agent = result
        self._store.put("card_agent", appid, "agent", result)
        self._stream.publish("card_merchant", appid=appid)

    def submit(self, appid: str, info: dict[str, Any]) -> None:
        """Enter a merchant's papers."""
        self.save(CardMerchant(appid, info, int(time.time())))

    def save(self, merchant: CardMerchant) -> None:
        """Keep a new or changed one and tell the watchers."""
        self._merchants[merchant.appid] = merchant
        self._store.put("card_merchant", merchant.appid, merchant.appid, asdict(merchant))
        self._stream.publish("card_merchant", appid=merchant.appid)

    def find(self, appid: object) -> CardMerchant | None:
        """A merchant, None where nothing was entered."""
        return self._merchants.get(appid) if isinstance(appid, str) else None

    def page(self, begin: int) -> tuple[list[CardMerchant], int]:
        """(merchants from ``begin`` on, where the next page begins; 0 after the last)."""
        everybody = list(self._merchants.values())
        end = begin + PAGE
        return everybody[begin:end], end if end < len(everybody) else 0
