"""Sub-merchants: shops without an account of their own, for which this one creates vouchers (entrusted mode).

Source: "Third-party developer mode", card/submerchant/batchget, get and card/getapplyprotocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from bot.errors import AnswerUnreadable
from bot.vouchers.finding import fold
from bot.vouchers.model import integer

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

GET = "card/submerchant/get"
AT_ONCE = 100
MOST_PAGES = 50


class Second(TypedDict):
    """A category of the second level; ``papers`` are what WeChat wants to see for it, in its own words."""

    id: int
    name: str
    papers: list[str]


class Category(TypedDict):
    """A category of the first level."""

    id: int
    name: str
    seconds: list[Second]


@dataclass(frozen=True, slots=True)
class SubMerchant:
    """One of them. ``status`` is CHECKING, APPROVED, REJECTED or EXPIRED; times are seconds since 1970, 0: unknown.

    ``category`` is a pair of ids, of the first and the second level.
    """

    merchant_id: int
    brand_name: str
    status: str
    begin: int
    end: int
    app_id: str
    category: tuple[int, int]
    logo_url: str = ""
    updated: int = 0

    @property
    def may_be_sent_again(self) -> bool:
        """Whether card/submerchant/update takes its papers anew (40140)."""
        return self.status in ("REJECTED", "EXPIRED")

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
            str(info.get("logo_url") or "").strip(),
            integer(info.get("update_time")),
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
        for first in await self.categories():
            for second in first["seconds"]:
                if (first["id"], second["id"]) == ids:
                    return f"{first['name']} / {second['name']}"
        return ""

    async def fitting(self, words: str) -> list[SubMerchant]:
        """Those meant by a number (40139 where there is none of it) or by a piece of a brand's name; all for ""."""
        number = words.strip().lstrip("#").strip()
        if number.isascii() and number.isdigit() and len(number) < 10:
            return [await self.get(int(number))]
        return [each for each in await self.all() if fold(words) in fold(each.brand_name)]

    async def categories(self) -> list[Category]:
        """What may be applied with; a first level without a second one is of no use."""
        answer = await self._api.call("card/getapplyprotocol", method="GET")
        found = [
            Category(
                id=integer(first.get("primary_category_id")), name=str(first.get("category_name") or "").strip(),
                seconds=[_second(each) for each in _objects(first.get("secondary_category"))],
            )
            for first in _objects(answer.get("category"))
        ]  # fmt: skip
        return [each for each in found if each["seconds"]]


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _second(found: Mapping[str, Any]) -> Second:
    """``need_qualification_stuffs`` is an array of which no sample is filled: what is no text in it is left out."""
    papers: Any = found.get("need_qualification_stuffs")
    return Second(
        id=integer(found.get("secondary_category_id")), name=str(found.get("category_name") or "").strip(),
        papers=[each for each in papers if isinstance(each, str)] if isinstance(papers, list) else [],
    )  # fmt: skip
