"""Sub-merchants of the entrusted mode: their applications and WeChat's answers (vouchers.md 8.2, 10.4)."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from bot.simulator.persistence import Store
from bot.simulator.stream import Stream

CATEGORIES: tuple[tuple[int, str, tuple[tuple[int, str], ...]], ...] = (
    (1, "美食", ((101, "中餐"), (102, "火锅"), (103, "咖啡厅"), (104, "面包甜点"), (105, "小吃快餐"))),
    (2, "休闲娱乐", ((201, "电影院"), (202, "KTV"), (203, "足疗按摩"), (204, "洗浴"))),
    (3, "生活服务", ((301, "洗衣"), (302, "家政"), (303, "汽车保养"))),
    (4, "购物", ((401, "便利店"), (402, "书店"), (403, "药店"))),
)
"""(id, name, ((id, name) of the second level)); the real list is longer and comes with the account's rights."""


@dataclass
class SubMerchant:
    """An application; ``decision`` is CHECKING, APPROVED or REJECTED, ``info`` what was sent."""

    appid: str
    merchant_id: int
    info: dict[str, Any]
    create_time: int
    update_time: int
    decision: str = "CHECKING"
    reason: str = ""

    @property
    def status(self) -> str:
        """What WeChat says: an approval ends with the authorization."""
        over = self.decision == "APPROVED" and time.time() > self.info["end_time"]
        return "EXPIRED" if over else self.decision

    def shown(self) -> dict[str, Any]:
        """``info`` of an answer: no media ids."""
        return {
            "merchant_id": self.merchant_id,
            "app_id": self.info.get("app_id", ""),
            "create_time": self.create_time,
            "update_time": self.update_time,
            "brand_name": self.info["brand_name"],
            "logo_url": self.info["logo_url"],
            "status": self.status,
            "begin_time": self.create_time,
            "end_time": self.info["end_time"],
            "primary_category_id": self.info["primary_category_id"],
            "secondary_category_id": self.info["secondary_category_id"],
        }


class SubMerchantBook:
    """Sub-merchants by account."""

    def __init__(self, store: Store, stream: Stream) -> None:
        self._store, self._stream = store, stream
        self._merchants = {(appid, int(key)): SubMerchant(**value) for appid, key, value in store.all("submerchant")}

    def submit(self, appid: str, info: dict[str, Any]) -> SubMerchant:
        """A new application."""
        now, number = int(time.time()), max((key for _, key in self._merchants), default=11) + 1
        merchant = SubMerchant(appid, number, info, now, now)
        self.save(merchant)
        return merchant

    def save(self, merchant: SubMerchant) -> None:
        """Keep a new or changed one and tell the watchers."""
        self._merchants[merchant.appid, merchant.merchant_id] = merchant
        self._store.put("submerchant", merchant.appid, str(merchant.merchant_id), asdict(merchant))
        self._stream.publish("submerchant", appid=merchant.appid, merchant_id=merchant.merchant_id)

    def find(self, appid: str, merchant_id: int) -> SubMerchant | None:
        """The account's sub-merchant, None where there is none."""
        return self._merchants.get((appid, merchant_id))

    def of(self, appid: str) -> list[SubMerchant]:
        """The account's, by number."""
        own = [merchant for (owner, _), merchant in self._merchants.items() if owner == appid]
        return sorted(own, key=lambda merchant: merchant.merchant_id)

    def decide(self, merchant: SubMerchant, *, approve: bool, reason: str) -> None:
        """Answer an application. Raises :exc:`LookupError` where none waits."""
        if merchant.decision != "CHECKING":
            raise LookupError(f"sub-merchant {merchant.merchant_id} is not being checked")
        merchant.decision, merchant.reason = "APPROVED" if approve else "REJECTED", "" if approve else reason
        self.save(merchant)
