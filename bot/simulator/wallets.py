"""What a person can do with vouchers: claim, give away, delete; and what their wallet shows.

Source: vouchers.md 4.1 and 0.1 (claiming), 10.3 (gifts), 5.5 (what an invalid code tells its holder).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.simulator.codes import USABLE, Code
from bot.simulator.errors import ApiError
from bot.simulator.shelf import Voucher
from bot.simulator.vouchers import base_info
from bot.simulator.world import World

DAYS_BEFORE_START = 5
REMIND_EVERY = 12 * 3600
REMIND_FROM, REMIND_AT = 200, 100


class NotClaimedError(Exception):
    """WeChat does not let the person have the voucher.

    ``why``: ``deleted``, ``not_approved``, ``no_stock``, ``limit`` (get_limit reached), ``too_early`` (more than five
    days before its start), ``expired``, ``ticket_expired``, ``ticket_used``, ``other_person`` (bind_openid), ``code``
    (a custom code is missing or taken).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class WalletEntry:
    """One voucher in a person's list.

    ``owner``: whose claim it is; a friend's differs from the person looking. ``status`` as user_card_status;
    ``reason``: why the merchant invalidated it. ``shown``: what the code's picture holds when it is scanned.
    """

    card_id: str
    code: str
    title: str
    brand_name: str
    color: str
    status: str
    owner: str
    begin: int
    end: int
    claimed_at: float
    outer_str: str
    reason: str
    usable: bool
    friends: bool
    can_give: bool
    code_type: str


@dataclass(frozen=True)
class Way:
    """How a claim comes about: the marks and conditions of its QR code."""

    outer_str: str = ""
    outer_id: int = 0
    openid: str = ""
    code: str = ""


def claim(world: World, appid: str, openid: str, card_id: str, way: Way = Way()) -> Code:  # noqa: B008 - frozen
    """A person takes a voucher: the stock goes down by one. Raises :exc:`NotClaimedError`, 40073 as LookupError."""
    try:
        voucher = world.shelf.find(appid, card_id)
    except ApiError:
        raise LookupError(f"there is no voucher {card_id} at {appid}") from None
    base = base_info(voucher.card)
    refused = _refusal(world, voucher, openid, way)
    if refused in {"", "no_stock"}:
        _remind(world, voucher)
    if refused:
        raise NotClaimedError(refused)
    base["sku"]["quantity"] -= 1
    world.shelf.save(voucher)
    return world.codes.issue(voucher, openid, wanted=way.code, outer_str=way.outer_str, outer_id=way.outer_id)


def _refusal(world: World, voucher: Voucher, openid: str, way: Way) -> str:
    base = base_info(voucher.card)
    if voucher.status == "CARD_STATUS_DELETE":
        return "deleted"
    approved = voucher.status in {"CARD_STATUS_VERIFY_OK", "CARD_STATUS_DISPATCH"}
    if not approved and openid not in world.circles.testers(voucher.appid):
        return "not_approved"
    return _date_refusal(voucher) or _person_refusal(world, voucher, openid, way) or _stock_refusal(base)


def _date_refusal(voucher: Voucher) -> str:
    dates = base_info(voucher.card)["date_info"]
    if time.time() > dates.get("end_timestamp", float("inf")):
        return "expired"
    early = dates.get("begin_timestamp", 0) - time.time() > DAYS_BEFORE_START * 86400
    return "too_early" if voucher.friends and early else ""


def _person_refusal(world: World, voucher: Voucher, openid: str, way: Way) -> str:
    base = base_info(voucher.card)
    if way.openid and way.openid != openid:
        return "other_person"
    if base.get("bind_openid") and not way.openid:
        return "other_person"
    if base.get("use_custom_code") and (not way.code or world.codes.find(voucher.appid, way.code)):
        return "code"
    had = len(world.codes.held(voucher.appid, openid, voucher.card_id))
    return "limit" if had >= base.get("get_limit", 50) else ""


def _stock_refusal(base: dict[str, dict[str, int]]) -> str:
    return "" if base["sku"]["quantity"] > 0 else "no_stock"


def _remind(world: World, voucher: Voucher) -> None:
    """card_sku_remind on a claim attempt: stock began above 200 and is at most 100, every twelve hours at most."""
    sku = base_info(voucher.card)["sku"]
    if sku.get("total_quantity", 0) <= REMIND_FROM or sku["quantity"] > REMIND_AT:
        return
    if time.time() - voucher.reminded_at >= REMIND_EVERY:
        voucher.reminded_at = time.time()
        world.shelf.save(voucher)
        world.remind(voucher)


# what one has ----------------------------------------------------------------------------------------------


def own(world: World, appid: str, openid: str, number: str) -> Code:
    """The person's code. Raises :exc:`LookupError`."""
    code = world.codes.find(appid, number)
    if code is None or code.openid != openid:
        raise LookupError(f"{openid} has no voucher with code {number}")
    return code


def give(world: World, code: Code, to: str) -> None:
    """Start to give it away. Raises :exc:`ValueError` where it may not be given."""
    voucher = world.codes.voucher(code)
    if not base_info(voucher.card).get("can_give_friend") or world.codes.status(code) not in USABLE:
        raise ValueError(f"{voucher.title} can not be given away: {world.codes.status(code)}")
    code.state, code.gift_to = "GIFTING", to
    world.codes.save(code)


def take(world: World, old: Code) -> Code:
    """The friend takes the gift: the old code is dead, a new one is theirs. Raises :exc:`ValueError`."""
    if old.state != "GIFTING":
        raise ValueError(f"{old.code} is not being given away")
    old.state = "GIFT_SUCC"
    world.codes.save(old)
    voucher = world.codes.voucher(old)
    new = world.codes.issue(voucher, old.gift_to, outer_str=old.outer_str, outer_id=old.outer_id)
    new.begin, new.end = old.begin, old.end
    world.codes.save(new)
    return new


def wallet(world: World, appid: str, openid: str) -> list[WalletEntry]:
    """What the person's list shows, newest first: own vouchers, then usable Friend's Vouchers of friends."""
    mine = [code for code in world.codes.held(appid, openid) if code.state not in {"DELETE", "GIFT_SUCC"}]
    shared = [
        code
        for friend in world.circles.friends(appid, openid)
        for code in world.codes.held(appid, friend)
        if world.codes.voucher(code).friends and world.codes.status(code) in USABLE
    ]
    return [entry(world, code) for code in (*mine[::-1], *shared[::-1])]


def sees(world: World, code: Code, openid: str) -> bool:
    """Whether the person may use the code: its holder, or a friend of theirs if it is a Friend's Voucher."""
    if code.openid == openid:
        return True
    return world.codes.voucher(code).friends and openid in world.circles.friends(code.appid, code.openid)


def entry(world: World, code: Code) -> WalletEntry:
    """One line of a wallet."""
    voucher = world.codes.voucher(code)
    base = base_info(voucher.card)
    begin, end = world.codes.validity(code)
    return WalletEntry(
        card_id=code.card_id,
        code=code.code,
        title=voucher.title,
        brand_name=str(base.get("brand_name", "")),
        color=str(base.get("color", "")),
        status=world.codes.status(code),
        owner=code.openid,
        begin=begin,
        end=end,
        claimed_at=code.claimed_at,
        outer_str=code.outer_str,
        reason=code.reason,
        usable=world.codes.usable(code),
        friends=voucher.friends,
        can_give=bool(base.get("can_give_friend")),
        code_type=str(base.get("code_type", "")),
    )
