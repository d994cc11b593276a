"""WeChat has decided about a sub-merchant's application."""

from collections.abc import Iterable

from bot.errors import WeChatError
from bot.routing import Context, Notice, Operator, Reply, Role, Router
from bot.vouchers.entrusting.following import APPLIED

router = Router(section="vouchers")

PATIENCE = 2.0
"""Seconds to ask what the sub-merchant is called: WeChat waits five for the event, and the notice counts more."""
APPROVED = "APPROVED"


@router.event("card_merchant_check_result")
async def on_submerchant_review(ctx: Context) -> list[Notice]:
    """Tell whoever applied, and managers and owners who hear of reviews: nobody else may see sub-merchants."""
    push = ctx.push
    number = push.value("MerchantId")
    sent = await ctx.vouchers.applications.following.of(int(number)) if _is_number(number) else None
    readers = _readers(ctx, sent.openid if sent else "")
    if not readers or not number:
        return []
    reply = Reply(
        "on_submerchant_review.decided", number=number, name=await _name(ctx, number),
        passed=push.value("IsPass") == "1", reason=push.value("Reason"), missed=False,
    )  # fmt: skip
    return _notices(readers, reply, sent.reference if sent else push.identity)


@router.schedule("submerchants", minutes=10, where=APPLIED)
async def find_missed(ctx: Context) -> list[Notice]:
    """Tell results whose event never reached us; without the reason, which only the event has."""
    notices = []
    for sent, merchant in await ctx.vouchers.applications.following.missed():
        reply = Reply(
            "on_submerchant_review.decided", number=str(merchant.merchant_id), name=merchant.brand_name,
            passed=merchant.status == APPROVED, reason="", missed=True,
        )  # fmt: skip
        notices += _notices(_readers(ctx, sent.openid), reply, sent.reference)
    return notices


def _readers(ctx: Context, applicant: str) -> list[Operator]:
    """Each once; who has left the shop since, or may not see sub-merchants any more, is not told."""
    author = ctx.people.operator(applicant) if applicant else None
    wanted = [*([author] if author else []), *ctx.people.with_alert("reviews")]
    return list({each.openid: each for each in wanted if each.role >= Role.MANAGER}.values())


def _notices(readers: Iterable[Operator], reply: Reply, fact: str) -> list[Notice]:
    return [Notice(reader.openid, reply, f"submerchant:{fact}") for reader in readers]


async def _name(ctx: Context, number: str) -> str:
    if not _is_number(number):
        return ""
    try:
        return (await ctx.vouchers.submerchants.get(int(number), patience=PATIENCE)).brand_name
    except WeChatError:
        return ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
