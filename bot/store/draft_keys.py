"""Keys of what people fill in and what is made of it; as :mod:`bot.store.keys`, whose rules hold here, too."""

from __future__ import annotations

from bot.store.keys import VERSION


def draft(appid: str, openid: str) -> str:
    """String: what this person has filled in so far, the latest draft first. 7 days from the last answer.

    Owner: bot.merchants.drafts.
    """
    return f"{VERSION}:{{{appid}}}:draft:{openid}"


def creation_attempt(appid: str, reference: str) -> str:
    """String: the vouchers there were when one previewed voucher was about to be asked for. 7 days.

    Owner: bot.vouchers.creating.service.
    """
    return f"{VERSION}:{{{appid}}}:create:attempt:{reference}"


def created(appid: str, card_id: str) -> str:
    """String: the reference of the attempt that made this voucher. 7 days. Owner: bot.vouchers.creating.service."""
    return f"{VERSION}:{{{appid}}}:create:made:{card_id}"


def creations(appid: str) -> str:
    """Hash, JSON by attempt's reference: vouchers whose making WeChat has not answered. An hour from the last.

    Owner: bot.vouchers.under_way.
    """
    return f"{VERSION}:{{{appid}}}:create:underway"


def friends_suspended(appid: str) -> str:
    """String: the errcode with which WeChat last refused to make a Friend's Voucher. A day.

    Owner: bot.vouchers.creating.service.
    """
    return f"{VERSION}:{{{appid}}}:create:suspended"


def pictures(appid: str) -> str:
    """List: pictures given to WeChat for good, newest first, the last 30. Stays. Owner: bot.vouchers.pictures."""
    return f"{VERSION}:{{{appid}}}:pictures"


def testers(appid: str) -> str:
    """Sorted set, openid by version: who may claim before approval. Stays. Owner: bot.vouchers.testers."""
    return f"{VERSION}:{{{appid}}}:testers"


def testers_version(appid: str) -> str:
    """Counter: moves with every change of the testers. Stays. Owner: bot.vouchers.testers."""
    return f"{VERSION}:{{{appid}}}:testers:version"


def application_attempt(appid: str, reference: str) -> str:
    """String: the sub-merchants there were when one previewed application was about to be sent. 7 days.

    Owner: bot.vouchers.entrusting.service.
    """
    return f"{VERSION}:{{{appid}}}:submerchant:attempt:{reference}"


def submissions(appid: str) -> str:
    """Hash, JSON by attempt's reference: applications WeChat has not answered. An hour from the last.

    Owner: bot.vouchers.under_way.
    """
    return f"{VERSION}:{{{appid}}}:submerchant:underway"


def applied(appid: str, merchant_id: int) -> str:
    """String: the reference of the attempt that last applied for this sub-merchant. 7 days.

    Owner: bot.vouchers.entrusting.service.
    """
    return f"{VERSION}:{{{appid}}}:submerchant:made:{merchant_id}"


def applications(appid: str) -> str:
    """Hash, JSON by sub-merchant's number: our applications that WeChat has not decided, or did within the hour. Stays.

    Owner: bot.vouchers.entrusting.following.
    """
    return f"{VERSION}:{{{appid}}}:submerchant:sent"
