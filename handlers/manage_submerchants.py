"""Sub-merchants of the entrusted mode: all of them, one, and applying for one, question by question."""

from collections.abc import Sequence
from typing import Annotated, Any

from bot.dialogue import Draft, Step, Values
from bot.errors import WeChatError
from bot.routing import Context, Flag, Reply, Role, Router, Text
from bot.routing.walk import Taken, Walk
from bot.vouchers.entrusting.application import answers_of, forbidden, info, shown
from bot.vouchers.entrusting.service import Outcome, State
from bot.vouchers.entrusting.steps import LOGO, PICTURES, SUBMIT, field_of, seconds_of
from bot.vouchers.fields import Field
from bot.vouchers.picture_checks import Picture, shape
from bot.vouchers.remarks import Remark
from bot.vouchers.submerchants import SubMerchant

router = Router(section="vouchers")

KIND = "submit_submerchant"
SHOWN = 10


class Applying(Walk):
    """The walk through the questions about a sub-merchant."""

    def field_of(self, step: str) -> Field:
        """What the form calls it."""
        return field_of(step)

    def forbidden(self, values: Values) -> tuple[str, Remark] | None:
        """A category that does not belong to the other one, papers WeChat has forgotten, a day that has passed."""
        return forbidden(values)

    async def picture(self, ctx: Context, step: Step) -> Taken:
        """The logo for good, papers for as long as WeChat keeps them."""
        media_id, field = ctx.push.value("MediaId"), field_of(step.name)
        if step.name != "logo_url":
            return Taken("", {"lent": await ctx.vouchers.pictures.lend(media_id, field, ctx.channel.wechat)})
        uploaded = await ctx.vouchers.pictures.take(media_id, step.name, field, ctx.channel.wechat)
        return Taken(uploaded.url, note=shape(Picture("", uploaded.width, uploaded.height), LOGO, field))

    async def offers(self, ctx: Context, step: Step, values: Values) -> list[dict[str, Any]]:
        """Categories, and pictures given before."""
        match step.name:
            case "logo_url":
                found = await ctx.vouchers.pictures.offers(step.name)
                return [{"value": each.url, "picture": each} for each in found]
            case "primary_category_id":
                return _named(values["categories"])
            case "secondary_category_id":
                return _named(seconds_of(values))
        return []

    def about(self, draft: Draft) -> dict[str, Any]:
        """The number of one that applies again."""
        return {"again": draft.given["merchant_id"]}

    async def preview(self, ctx: Context, draft: Draft, note: Remark | None) -> Reply:
        """What card/submerchant/submit would be sent."""
        values = SUBMIT.values(draft)
        payload = ctx.vouchers.applications.payload(info(values)) | {"draft": draft.id}
        preview = await ctx.pending.offer(ctx.operator, KIND, payload)
        return Reply("submit_submerchant.preview", **shown(values), note=note, minutes=preview.minutes_left)


WALK = Applying(KIND, SUBMIT, "submit_submerchant", PICTURES)


@router.command(
    "submerchants", "子商户", role=Role.MANAGER, example="子商户 12", details=lambda _ctx: {}, previews=True
)
async def manage_submerchants(
    ctx: Context,
    words: Text = "",
    new: Annotated[bool, Flag("new", "新增", "新建")] = False,
    again: Annotated[bool, Flag("again", "重交", "重新提交")] = False,
    anew: Annotated[bool, Flag("anew", "重来", "重新")] = False,
) -> Reply:
    """A number is that of one, anything else a piece of a brand's name; ``new`` and ``again`` begin an application."""
    if new and not words:
        return await _begun(ctx, None, anew=anew)
    chosen = await ctx.vouchers.submerchants.fitting(words)
    if not chosen:
        everything = await ctx.vouchers.submerchants.all() if words else []
        return Reply("manage_submerchants.nothing", words=words[:20], total=len(everything))
    if words and len(chosen) == 1:
        return await (_begun(ctx, chosen[0], anew=anew) if again else _shown(ctx, chosen[0]))
    return Reply("manage_submerchants.listed", merchants=chosen[-SHOWN:][::-1], total=len(chosen))


async def _begun(ctx: Context, merchant: SubMerchant | None, *, anew: bool) -> Reply:
    """The first question, or where the sender's draft of the same application stands."""
    if merchant and not merchant.may_be_sent_again:
        return Reply.refusal("submit_submerchant.not_now", merchant=merchant)
    number, draft = merchant.merchant_id if merchant else 0, await ctx.drafts.of(ctx.operator, KIND)
    if draft and not anew:
        other = draft.given.get("merchant_id", 0)
        if other == number:
            return await WALK.resume(ctx, draft)
        return Reply.refusal("submit_submerchant.another_draft", other=other, number=number)
    categories = await ctx.vouchers.submerchants.categories()
    if not categories:
        return Reply.refusal("submit_submerchant.no_categories")
    given = {"categories": categories, "merchant_id": number}
    return await WALK.begin(ctx, given, answers_of(merchant, given) if merchant else {})


@router.dialogue(KIND, SUBMIT, role=Role.MANAGER)
async def take_answer(ctx: Context) -> Reply:
    """Read what was sent to the draft's question."""
    return await WALK.take(ctx)


@router.confirms(KIND, looks_first=True)
async def apply(ctx: Context, payload: dict[str, Any]) -> Reply:
    """Send what was previewed, for whoever may still do so."""
    outcome = await ctx.vouchers.applications.apply(payload, ctx.operator, resumed=ctx.resumed)
    draft = await ctx.drafts.of(ctx.operator, KIND)
    kept = draft is not None and draft.id == payload.get("draft")
    if kept and outcome.state is State.DONE:
        await ctx.drafts.drop(ctx.operator, KIND)
    return _told(outcome, payload["info"].get("merchant_id", 0), kept=kept)


def _told(outcome: Outcome, again: int, *, kept: bool) -> Reply:
    if outcome.merchant:
        return Reply("submit_submerchant.done", merchant=outcome.merchant)
    if outcome.state is State.REFUSED:
        return Reply("submit_submerchant.refused", errcode=outcome.errcode, again=again, kept=kept)
    return Reply("submit_submerchant.in_doubt", again=again, kept=kept)


async def _shown(ctx: Context, merchant: SubMerchant) -> Reply:
    try:
        category = await ctx.vouchers.submerchants.category(merchant.category)
    except WeChatError:
        category = ""
    return Reply("manage_submerchants.one", merchant=merchant, category=category)


def _named(choices: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"value": each["id"], "name": each["name"]} for each in choices]
