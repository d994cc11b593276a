"""The account's stores: the ids that a voucher's ``location_id_list`` is made of.

Source: "WeChat Store Interface", poi/getpoilist and poi/getpoi; event poi_check_notify. Ids come as text or as numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bot.vouchers.finding import fold
from bot.vouchers.model import integer

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

AT_ONCE = 50
MOST = 5_000
"""Stores read at most."""


class State(IntEnum):
    """WeChat's ``available_state``; 0 is for anything else."""

    UNKNOWN = 0
    SYSTEM_ERROR = 1
    UNDER_REVIEW = 2
    APPROVED = 3
    REFUSED = 4


@dataclass(frozen=True, slots=True)
class Store:
    """One store; ``updating``: a change of it is under review, and no other may be sent."""

    poi_id: str
    name: str
    branch: str
    state: State
    updating: bool = False

    @classmethod
    def of(cls, business: object) -> Store:
        """Read one entry; ``base_info`` may lack anything."""
        base = business.get("base_info") if isinstance(business, Mapping) else None
        base = base if isinstance(base, Mapping) else {}
        state = integer(base.get("available_state"))
        return cls(
            str(base.get("poi_id") or "").strip(),
            str(base.get("business_name") or "").strip(),
            str(base.get("branch_name") or "").strip(),
            State(state) if state in list(State) else State.UNKNOWN,
            integer(base.get("update_status")) == 1,
        )

    def fits(self, words: str) -> bool:
        """Whether ``words`` are a piece of its name or its id."""
        return fold(words) in fold(f"{self.name}{self.branch}{self.poi_id}")


class Stores:
    """The stores of one account. Every method raises the WeChatError tree."""

    def __init__(self, api: AccountAPI) -> None:
        self._api = api

    async def all(self) -> list[Store]:
        """Every store, in WeChat's order."""
        found, total = list[Store](), 1
        while len(found) < min(total, MOST):
            answer = await self._api.call("cgi-bin/poi/getpoilist", {"begin": len(found), "limit": AT_ONCE})
            page: Any = answer.get("business_list")
            if not isinstance(page, list) or not page:
                break
            found += map(Store.of, page)
            total = integer(answer.get("total_count"))
        return found

    async def get(self, poi_id: int, *, patience: float | None = None) -> Store:
        """One store, asked for within ``patience`` seconds."""
        answer = await self._api.call("cgi-bin/poi/getpoi", {"poi_id": poi_id}, patience=patience)
        return Store.of(answer.get("business"))
