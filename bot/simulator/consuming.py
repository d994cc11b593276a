"""Redeeming: marking, consuming and invalidating a code, each decided in one step, so that of two at once one wins.

Source: vouchers.md section 5. Not confirmed and taken so: a code whose validity has not begun is refused with
40079, one whose validity is over with 40127.
"""

from __future__ import annotations

import time

from bot.simulator import card_events
from bot.simulator.codes import USABLE, Code
from bot.simulator.errors import ApiError
from bot.simulator.vouchers import base_info
from bot.simulator.wallets import sees
from bot.simulator.world import World

USES = 50


def check_state(world: World, code: Code) -> None:
    """Raise 40099 for a redeemed code and 40127 for every other that is not the holder's to use."""
    status = world.codes.status(code)
    if status == "CONSUMED":
        raise ApiError(40099)
    if status not in USABLE:
        raise ApiError(40127)


def mark(world: World, code: Code, openid: str, *, on: bool) -> None:
    """Reserve a Friend's Voucher's code for a person, or release it.

    Raises 45030 (another kind of voucher), 40146 (marked by somebody else, or not theirs to use), 40099, 40127.
    """
    if not world.codes.voucher(code).friends:
        raise ApiError(45030)
    check_state(world, code)
    if code.marked_by not in {"", openid} or not sees(world, code, openid):
        raise ApiError(40146)
    code.marked_by = openid if on else ""
    world.codes.save(code)


def consume(world: World, code: Code, openid: str = "", *, source: str = "FROM_API", staff: str = "") -> str:
    """Redeem; the redeemer's openid. The push follows.

    Raises 40099, 40127, 40079, 43018, 40146, 72020, and then nothing has changed.
    """
    check_state(world, code)
    if time.time() < world.codes.validity(code)[0]:
        raise ApiError(40079)
    if world.codes.voucher(code).friends and not code.marked_by and (openid or world.readings.mark_before_consume):
        raise ApiError(43018)
    if openid and openid != (code.marked_by or code.openid):
        raise ApiError(40146)
    redeemer = code.marked_by or code.openid
    _check_uses(world, code, redeemer)
    code.state, code.consumed_at = "CONSUMED", time.time()
    world.codes.save(code)
    world.outbox.put(code.appid, card_events.consumed(code, redeemer, source=source, staff=staff))
    return redeemer


def _check_uses(world: World, code: Code, redeemer: str) -> None:
    """use_limit: how many of one voucher a person may redeem."""
    limit = int(base_info(world.codes.voucher(code).card).get("use_limit", USES))
    used = [
        other
        for other in world.codes.of(code.appid)
        if other.card_id == code.card_id and other.state == "CONSUMED" and (other.marked_by or other.openid) == redeemer
    ]
    if len(used) >= limit:
        raise ApiError(72020)


def invalidate(world: World, code: Code, reason: str) -> None:
    """Make a code unusable for good. Raises 40099, 40127 (already unusable, also expired)."""
    check_state(world, code)
    code.state, code.reason = "UNAVAILABLE", reason
    world.codes.save(code)
