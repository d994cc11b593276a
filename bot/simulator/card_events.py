"""The elements of the events about vouchers, codes, coins, sub-merchants and stores.

Source: vouchers.md 10.2 to 10.5, whose samples give names, order and what is a number.
"""

from __future__ import annotations

from typing import Any

from bot.simulator.codes import Code

Event = dict[str, Any]


def got(code: Code, *, giver: str = "", old_code: str = "") -> Event:
    """user_get_card: a claim, or a gift taken (``giver`` and the code the giver had)."""
    return {
        "FromUserName": code.openid,
        "Event": "user_get_card",
        "CardId": code.card_id,
        "IsGiveByFriend": int(bool(giver)),
        "UserCardCode": code.code,
        "FriendUserName": giver,
        "OuterId": code.outer_id,
        "OldUserCardCode": old_code,
        "OuterStr": code.outer_str,
        "IsRestoreMemberCard": 0,
        "IsRecommendByFriend": 0,
    }


def gifting(code: Code, *, back: bool) -> Event:
    """user_gifting_card: the gift sets out, or it came back."""
    return {
        "FromUserName": code.openid,
        "Event": "user_gifting_card",
        "CardId": code.card_id,
        "UserCardCode": code.code,
        "IsReturnBack": int(back),
        "FriendUserName": code.gift_to,
        "IsChatRoom": 0,
    }


def deleted(code: Code) -> Event:
    """user_del_card."""
    return {"FromUserName": code.openid, "Event": "user_del_card", "CardId": code.card_id, "UserCardCode": code.code}


def consumed(code: Code, redeemer: str, *, source: str = "FROM_API", staff: str = "") -> Event:
    """user_consume_card; ``source`` FROM_API, FROM_MP or FROM_MOBILE_HELPER (with the ``staff`` openid)."""
    return {
        "FromUserName": redeemer,
        "Event": "user_consume_card",
        "CardId": code.card_id,
        "UserCardCode": code.code,
        "ConsumeSource": source,
        "LocationName": "",
        "StaffOpenId": staff,
        "VerifyCode": "",
        "RemarkAmount": "",
        "OuterStr": code.outer_str,
    }


def stock_low(sender: str, card_id: str, quantity: int) -> Event:
    """card_sku_remind."""
    detail = f"the card's quantity is equal to {quantity}"
    return {"FromUserName": sender, "Event": "card_sku_remind", "CardId": card_id, "Detail": detail}
