"""What WeChat's own people and machines do: reviews and what follows from them."""

from __future__ import annotations

from bot.simulator import credit
from bot.simulator.deeds.base import Deeds
from bot.simulator.model import Delivery
from bot.simulator.orders import Order
from bot.simulator.stores import APPROVED, UNDER_REVIEW


class Platform(Deeds):
    """Deeds of WeChat's side."""

    async def review(self, appid: str, card_id: str, approve: bool, reason: str = "") -> Delivery:
        """Decide about a voucher in the queue and push the result. Raises :exc:`LookupError` if it is not
        there.

        The sender is an openid of nobody: who it is in reality is not confirmed.
        """
        self.world.shelf.decide(self.world.shelf.find(appid, card_id), approve=approve, reason=reason)
        name = "card_pass_check" if approve else "card_not_pass_check"
        more = {} if approve else {"RefuseReason": reason}
        return await self.happen(
            appid, {"FromUserName": self.world.nobody(appid), "Event": name, "CardId": card_id, **more}
        )

    async def pay(self, order_id: str, openid: str = "") -> Delivery:
        """Pay a top-up (the order of card/pay/recharge, or the address in its QR code); card_pay_order is pushed.

        ``openid``: who pays. Raises :exc:`LookupError` for no order, :exc:`ValueError` for one that is paid.
        """
        order = self.world.orders.anywhere(order_id)
        credit.pay(self.world, order, openid)
        return await self.happen(order.appid, credit.paid_event(self.world, order))

    def orders(self, appid: str) -> list[Order]:
        """The orders of the credit account, oldest first."""
        return self.world.orders.of(appid)

    async def review_submerchant(self, appid: str, merchant_id: int, approve: bool, reason: str = "") -> Delivery:
        """Answer a sub-merchant's application; card_merchant_check_result is pushed. Raises :exc:`LookupError`."""
        merchant = self.world.submerchants.find(appid, merchant_id)
        if merchant is None:
            raise LookupError(f"there is no sub-merchant {merchant_id} at {appid}")
        self.world.submerchants.decide(merchant, approve=approve, reason=reason)
        event = {"Event": "card_merchant_check_result", "MerchantId": merchant_id, "IsPass": int(approve)}
        sender = {"FromUserName": self.world.nobody(appid)}
        return await self.happen(appid, sender | event | {"Reason": merchant.reason})

    def add_store(self, appid: str, poi_id: int, name: str, *, branch: str = "", approved: bool = True) -> int:
        """A store as the console keeps it; its id. One kept from an earlier run stays as it is."""
        info = {"sid": str(poi_id), "business_name": name, "branch_name": branch}
        state = APPROVED if approved else UNDER_REVIEW
        return self.world.stores.add(appid, info, poi_id=poi_id, state=state).poi_id

    async def review_store(self, appid: str, poi_id: int, approve: bool, reason: str = "") -> Delivery:
        """Decide about a new or changed store; poi_check_notify is pushed. Raises :exc:`LookupError`."""
        store = self.world.stores.find(appid, poi_id)
        if store is None:
            raise LookupError(f"there is no store {poi_id} at {appid}")
        self.world.stores.decide(store, approve=approve)
        event = {
            "FromUserName": self.world.nobody(appid),
            "Event": "poi_check_notify",
            "UniqId": str(store.info.get("sid", "")),
            "PoiId": str(poi_id),
            "Result": "succ" if approve else "fail",
            "msg": "" if approve else reason,
        }
        return await self.happen(appid, event)
