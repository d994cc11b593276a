"""What customers do: claim, give away and delete vouchers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.simulator import card_events, wallets
from bot.simulator.codes import Code
from bot.simulator.deeds.base import Deeds
from bot.simulator.secrecy import encrypted
from bot.simulator.tickets import Ticket
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

    async def scan_qr(self, appid: str, openid: str, content: str) -> list[str]:
        """Scan a QR code with the camera: ``content`` is its ticket or the address in the picture.

        A voucher's code: each voucher in it is claimed; their codes. A code with is_unique_code works once.
        A parametric code: the person follows, or SCAN is pushed; []. Raises :exc:`LookupError` for a code of nobody,
        :exc:`bot.simulator.NotClaimedError`, and then what stood before the refused voucher has been claimed.
        """
        ticket = self.world.tickets.find(appid, content)
        if ticket.expired:
            raise wallets.NotClaimedError("ticket_expired")
        if ticket.scene:
            await self._scan_scene(appid, openid, ticket)
            return []
        return [await self._claim_from(ticket, card, openid) for card in ticket.cards]

    async def _claim_from(self, ticket: Ticket, card: Mapping[str, Any], openid: str) -> str:
        if card["is_unique_code"] and ticket.used:
            raise wallets.NotClaimedError("ticket_used")
        way = Way(card.get("outer_str", ""), card.get("outer_id", 0), card.get("openid", ""), card.get("code", ""))
        code = wallets.claim(self.world, ticket.appid, openid, card["card_id"], way)
        ticket.used += 1
        self.world.tickets.save(ticket)
        await self.happen(ticket.appid, card_events.got(code))
        return code.code

    async def _scan_scene(self, appid: str, openid: str, ticket: Ticket) -> None:
        follows = self.world.people.follows(appid, openid)
        self.world.people.set_follows(appid, openid, follows=True)
        key = ticket.scene if follows else f"qrscene_{ticket.scene}"
        event = {"FromUserName": openid, "Event": "SCAN" if follows else "subscribe"}
        await self.happen(appid, event | {"EventKey": key, "Ticket": ticket.ticket})

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
