"""Sub-merchants: shops without an account of their own, for which this one creates vouchers (entrusted mode).

Source: "Third-party developer mode", card/submerchant/batchget, get and card/getapplyprotocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import AnswerUnreadable
from bot.vouchers.model import integer

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

GET = "card/submerchant/get"
AT_ONCE = 100
MOST_PAGES = 50


@dataclass(frozen=True, slots=True)
class SubMerchant:
    """One of them. ``status`` is CHECKING, APPROVED, REJECTED or EXPIRED; times are seconds since 1970, 0: unknown."""

    merchant_id: int
    brand_name: str
    status: str
    begin: int
    end: int
    app_id: str
    category: tuple[int, int]

    @classmethod
    def of(cls, info: Mapping[str, Any]) -> SubMerchant:
        """Read an ``info``."""
        return cls(
            integer(info.get("merchant_id")),
            str(info.get("brand_name") or "").strip(),
            str(info.get("status") or "").strip().upper(),
            integer(info.get("begin_time")),
            integer(info.get("end_time")),
            str(info.get("app_id") or "").strip(),
            (integer(info.get("primary_category_id")), integer(info.get("secondary_category_id"))),
        )


class SubMerchants:
    """The sub-merchants of one account. Every method raises the WeChatError tree."""

    def __init__(self, api: AccountAPI) -> None:
        self._api = api

    async def all(self) -> list[SubMerchant]:
        """All of them, by number."""
        found, begin = list[SubMerchant](), 0
        for _ in range(MOST_PAGES):
            # The status is one of the request's fields, not said to be needed; without one, all come.
            answer = await self._api.call("card/submerchant/batchget", {"begin_id": begin, "limit": AT_ONCE})
            page: Any = answer.get("info_list")
            entries = [SubMerchant.of(each) for each in page if isinstance(each, Mapping)] if page else []
            found += entries
            following = integer(answer.get("next_begin_id"))
            if not entries or following <= begin:
                break
            begin = following
        return found

    async def get(self, merchant_id: int, *, patience: float | None = None) -> SubMerchant:
        """One of them, asked for within ``patience`` seconds; 40139 where there is none of this number."""
        answer = await self._api.call(GET, {"merchant_id": merchant_id}, patience=patience)
        info = answer.get("info")
        if not isinstance(info, Mapping):
            raise AnswerUnreadable(GET, 200, "info is not an object")
        return SubMerchant.of(info)

    async def category(self, ids: tuple[int, int]) -> str:
        """What WeChat calls a category: both of its names; "" where it names none such."""
        answer = await self._api.call("card/getapplyprotocol", method="GET")
        for first in _objects(answer.get("category")):
            for second in _objects(first.get("secondary_category")):
                if (integer(first.get("primary_category_id")), integer(second.get("secondary_category_id"))) == ids:
                    return f"{first.get('category_name', '')} / {second.get('category_name', '')}"
        return ""


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
