"""What WeChat's own people and machines do: reviews and what follows from them."""

from __future__ import annotations

from bot.simulator import credit
from bot.simulator.deeds.base import Deeds
from bot.simulator.model import Delivery
from bot.simulator.orders import Order


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
