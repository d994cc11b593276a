"""What customers do: claim, give away and delete vouchers."""

from __future__ import annotations

from bot.simulator import card_events, wallets
from bot.simulator.codes import Code
from bot.simulator.deeds.base import Deeds
from bot.simulator.secrecy import encrypted
from bot.simulator.wallets import WalletEntry, Way


class Customers(Deeds):
    """Deeds of the people who hold vouchers; each returns when its push has been answered."""

    async def claim(self, appid: str, openid: str, card_id: str, *, outer_str: str = "", outer_id: int = 0) -> str:
        """Claim a voucher through some channel; its code, twelve digits.

        The stock goes down by one and user_get_card is pushed. Raises
        :exc:`bot.simulator.NotClaimedError` (its ``why`` says what stands in the way) and :exc:`LookupError`.
        """
        self.world.people.get(appid, openid)
        code = wallets.claim(self.world, appid, openid, card_id, Way(outer_str, outer_id))
        await self.happen(appid, card_events.got(code))
        return code.code

    async def gift(self, appid: str, openid: str, number: str, to: str) -> None:
        """Start to give a voucher away: GIFTING, and user_gifting_card is pushed.

        Raises :exc:`ValueError` where it may not be given (every Friend's Voucher).
        """
        code = wallets.own(self.world, appid, openid, number)
        self.world.people.get(appid, to)
        wallets.give(self.world, code, to)
        await self.happen(appid, card_events.gifting(code, back=False))

    async def accept_gift(self, appid: str, number: str) -> str:
        """The friend takes it: the old code is GIFT_SUCC, the friend's new one is returned, user_get_card is pushed."""
        old = self.code(appid, number)
        new = wallets.take(self.world, old)
        await self.happen(appid, card_events.got(new, giver=old.openid, old_code=old.code))
        return new.code

    async def return_gift(self, appid: str, number: str) -> None:
        """Nobody took it: GIFT_TIMEOUT, back with its owner, user_gifting_card with IsReturnBack=1."""
        code = self.code(appid, number)
        if code.state != "GIFTING":
            raise ValueError(f"{number} is not being given away")
        code.state = "GIFT_TIMEOUT"
        self.world.codes.save(code)
        await self.happen(appid, card_events.gifting(code, back=True))

    async def delete_code(self, appid: str, openid: str, number: str) -> None:
        """Delete a voucher from the own list; user_del_card is pushed."""
        code = wallets.own(self.world, appid, openid, number)
        code.state = "DELETE"
        self.world.codes.save(code)
        await self.happen(appid, card_events.deleted(code))

    def befriend(self, appid: str, one: str, other: str) -> None:
        """Make two persons friends: each sees (and may redeem) the other's Friend's Vouchers."""
        self.world.circles.befriend(appid, one, other)

    def wallet(self, appid: str, openid: str) -> list[WalletEntry]:
        """The person's voucher list, newest first, friends' Friend's Vouchers at the end."""
        return wallets.wallet(self.world, appid, openid)

    def code(self, appid: str, number: str) -> Code:
        """What WeChat knows of a code (state, holder, mark). Raises :exc:`LookupError`."""
        code = self.world.codes.find(appid, number)
        if code is None:
            raise LookupError(f"there is no code {number} at {appid}")
        return code

    def encrypted_code(self, appid: str, number: str) -> str:
        """The code as wx.addCard and links inside the voucher carry it; card/code/decrypt opens it."""
        return encrypted(self.world.shop(appid), number)
