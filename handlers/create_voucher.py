"""Make a new voucher: a question at a time, a preview of all of it, and on a yes that once."""

import contextlib
from dataclasses import replace
from typing import Annotated, Any

from bot.dialogue import Draft, Step, Values
from bot.errors import WeChatError
from bot.routing import Changes, Context, Flag, Reply, Role, Router
from bot.routing.walk import Taken, Walk
from bot.vouchers.creating.card import card
from bot.vouchers.creating.preview import forbidden, shown, submerchant
from bot.vouchers.creating.readers import names_another
from bot.vouchers.creating.service import NO_FRIENDS, NOT_FOR_ANOTHER, Outcome, State
from bot.vouchers.creating.steps import CREATE, PICTURES, field_of
from bot.vouchers.fields import Field
from bot.vouchers.finding import VoucherNotFound
from bot.vouchers.picture_checks import MOST_BYTES, Picture, shape
from bot.vouchers.remarks import Remark

router = Router(section="vouchers")

KIND = "create_voucher"
_FOR = ("子商户", "submerchant", "sub_merchant_info", "sub_merchant_info.merchant_id")


class Creating(Walk):
    """The walk through the questions about a new voucher."""

    def field_of(self, step: str) -> Field:
        """Of the table of fields."""
        return field_of(step)

    def forbidden(self, values: Values) -> tuple[str, Remark] | None:
        """Amounts and days that do not fit any more."""
        return forbidden(values)

    async def picture(self, ctx: Context, step: Step) -> Taken:
        """Its address, once WeChat keeps it, and what is odd about its size."""
        field = field_of(step.name)
        uploaded = await ctx.vouchers.pictures.take(
            ctx.push.value("MediaId"), step.name, field, ctx.channel.wechat
        )
        looks = Picture("", uploaded.width, uploaded.height)
        return Taken(uploaded.url, note=shape(looks, PICTURES[step.name], field))

    async def around(self, ctx: Context, step: Step, text: str) -> dict[str, Any]:
        """The voucher that is to be given along; the ids of the shop's stores, as far as WeChat tells them."""
        if step.name == "gives" and names_another(text):
            with contextlib.suppress(VoucherNotFound):  # the reader says so, too
                return {"share": {text: await ctx.vouchers.find(text, ctx.operator)}}
        if step.name == "location_id_list":
            with contextlib.suppress(WeChatError):
                return {"stores": {store.poi_id for store in await ctx.vouchers.stores.all()}}
        return {}

    async def offers(self, ctx: Context, step: Step, values: Values) -> list[dict[str, Any]]:
        """The shop's name, pictures given before."""
        if step.name == "brand_name":
            return [{"value": ctx.account.name}] if ctx.account.name else []
        if step.name not in PICTURES:
            return []
        found = await ctx.vouchers.pictures.offers(step.name)
        return [{"value": each.url, "picture": each} for each in found]

    async def facts(self, ctx: Context, step: Step, values: Values) -> dict[str, Any]:
        """Whether it is a Friend's Voucher, and with the first question why it is not."""
        why_not = step.name == "card_type" and not values["friends"]
        suspended = await ctx.vouchers.creation.suspended() if why_not else 0
        return {"friends": values["friends"], "suspended": suspended, "kept": False}

    async def preview(self, ctx: Context, draft: Draft, note: Remark | None) -> Reply:
        """What card/create would be sent."""
        values = CREATE.values(draft)
        await ctx.vouchers.creation.check(made := card(values), ctx.operator)
        payload = ctx.vouchers.creation.payload(made) | {"draft": draft.id}
        what = shown(values)
        gives = [await ctx.vouchers.known_title(card_id) for card_id in what["facts"].gives]
        preview = await ctx.pending.offer(ctx.operator, KIND, payload)
        return Reply("create_voucher.preview", **what, gives=gives, note=note, copied="", minutes=preview.minutes_left)


WALK = Creating(KIND, CREATE, "create_voucher", dict.fromkeys(PICTURES, MOST_BYTES >> 20))


@router.command("create", "新建", role=Role.MANAGER, example="新建", details=lambda _ctx: {}, previews=True)
async def create_voucher(
    ctx: Context, anew: Annotated[bool, Flag("anew", "重来", "重新")] = False, changes: Changes | None = None
) -> Reply:
    """Ask the first question, or go on where the sender's draft stands; ``子商户=12`` says for whom it is."""
    draft = await ctx.drafts.of(ctx.operator, KIND)
    if changes:
        return await _for_another(ctx, changes, None if anew else draft)
    if draft is None or anew:
        return await WALK.begin(ctx, await _given(ctx))
    return await WALK.resume(ctx, draft)


async def _for_another(ctx: Context, changes: Changes, draft: Draft | None) -> Reply:
    """For an approved sub-merchant, whose name and logo it bears."""
    if strange := [word for word in changes if word.strip().lower() not in _FOR]:
        return Reply.refusal("create_voucher.asked_later", found=strange[0][:20])
    words = next(iter(changes.values()))
    found = await ctx.vouchers.submerchants.fitting(words) if words.strip() else []
    if len(found) != 1:
        return Reply.refusal("create_voucher.which_submerchant", found=words.strip()[:20], count=len(found))
    (merchant,) = found
    if merchant.status != "APPROVED":
        return Reply.refusal("create_voucher.not_approved", merchant=merchant)
    if draft and submerchant(draft.given) == merchant.merchant_id:
        return await WALK.resume(ctx, draft)
    if draft:
        return Reply.refusal("create_voucher.another_draft", number=merchant.merchant_id)
    known = {"brand_name": merchant.brand_name, "logo_url": merchant.logo_url}
    given = {name: value for name, value in known.items() if value}
    base = {"sub_merchant_info": {"merchant_id": merchant.merchant_id}}
    return await WALK.begin(ctx, {**await _given(ctx), **given, "base": base})


async def _given(ctx: Context) -> dict[str, Any]:
    return {"friends": not await ctx.vouchers.creation.suspended()}


@router.dialogue(KIND, CREATE, role=Role.MANAGER)
async def take_answer(ctx: Context) -> Reply:
    """Read what was sent to the draft's question."""
    return await WALK.take(ctx)


@router.confirms(KIND, looks_first=True)
async def make_voucher(ctx: Context, payload: dict[str, Any]) -> Reply:
    """Make what was previewed, for whoever may still do so."""
    outcome = await ctx.vouchers.creation.apply(payload, ctx.operator, resumed=ctx.resumed)
    draft = await ctx.drafts.of(ctx.operator, KIND)
    draft = draft if draft and draft.id == payload.get("draft") else None
    if draft and outcome.state in (State.DONE, State.UNCHECKED):
        await ctx.drafts.drop(ctx.operator, KIND)
    return await _told(ctx, outcome, draft)


async def _told(ctx: Context, outcome: Outcome, draft: Draft | None) -> Reply:
    match outcome.state:
        case State.DONE if outcome.voucher:
            voucher = outcome.voucher
            name = await ctx.vouchers.call_name(voucher.card_id, voucher.title, ctx.operator)
            return Reply("create_voucher.done", title=voucher.title, name=name, friends=voucher.is_friends)
        case State.DONE | State.UNCHECKED:
            return Reply("create_voucher.unchecked", card_id=outcome.card_id)
        case State.REFUSED if draft and draft.given.get("friends") and _no_friends(outcome, draft):
            ordinary = replace(draft, given={**draft.given, "friends": False, "cover": True})
            why = {"suspended": outcome.errcode, "kept": True}
            return await WALK.onward(ctx, CREATE.onward(ordinary), facts=why)
        case State.REFUSED:
            return Reply("create_voucher.refused", errcode=outcome.errcode, kept=draft is not None)
        case _:
            return Reply("create_voucher.in_doubt", kept=draft is not None)


def _no_friends(outcome: Outcome, draft: Draft) -> bool:
    """Whether an ordinary coupon may still be made: that Friend's Vouchers may be a sub-merchant's is not confirmed."""
    return outcome.errcode in NO_FRIENDS or (outcome.errcode == NOT_FOR_ANOTHER and bool(submerchant(draft.given)))
