"""What WeChat allows to be changed, judged before WeChat is asked.

Everything wrong with a request is found at once: one refused field fails the whole call at WeChat's, so a shop should
read all of it in one answer.
Source: "Friend's Vouchers Management APIs", notes and field tables of "Updating Information on Friend's Vouchers".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot import clock
from bot.vouchers import sharing, validity
from bot.vouchers.asked import Asked
from bot.vouchers.changes import Change, Proposal, differences
from bot.vouchers.comparing import entries, held
from bot.vouchers.fields import BY_NAME, FIELDS, Field, changeable
from bot.vouchers.fields import Kind as Type
from bot.vouchers.model import Voucher
from bot.vouchers.naming import named, nearest
from bot.vouchers.remarks import Kind, Remark, Unreadable, remark
from bot.vouchers.values import read

CELLS = (
    ("center_title", ("center_sub_title", "center_url")),
    ("custom_url_name", ("custom_url", "custom_url_sub_title")),
    ("promotion_url_name", ("promotion_url", "promotion_url_sub_title")),
)
_COMPOSED = {Type.PICTURE_URL, Type.PICTURE_TEXT, Type.DAYS, Type.SHARE_COUNT}
"""Kinds that change a part of a list which an earlier pair may have set."""


def propose(voucher: Voucher, pairs: Mapping[str, str], share: Mapping[str, Voucher] | None = None) -> Proposal:
    """What ``pairs`` (words as typed → values as typed) would change.

    ``share`` holds the vouchers found for the words of ``consume_share_card_list``.
    """
    wanted, problems = _read(voucher, pairs, share or {})
    return weigh(voucher, wanted, problems, (share or {}).values())


def weigh(
    voucher: Voucher, wanted: Mapping[str, Any], problems: Iterable[Remark] = (), shared: Iterable[Voucher] = ()
) -> Proposal:
    """What ``wanted`` (field name → WeChat's value) would change, with all that WeChat would mind about it."""
    # The type is never changed: asked for, it is either the voucher's own or a problem.
    changes = differences(voucher, {name: value for name, value in wanted.items() if name != validity.TYPE.name})
    changed = {change.field.name for change in changes}
    found = list(problems)
    if voucher.deleted:
        found.insert(0, Remark(Kind.DELETED))
    found += _cells(voucher, changes)
    found += validity.problems(voucher, wanted)
    found += sharing.problems(voucher, changes, {target.card_id: target for target in shared})
    return Proposal(
        voucher,
        changes,
        tuple(found),
        tuple(_cautions(voucher, changes)),
        tuple(BY_NAME[name] for name in BY_NAME if name in wanted and name not in changed),
    )


def _read(
    voucher: Voucher, pairs: Mapping[str, str], share: Mapping[str, Voucher]
) -> tuple[dict[str, Any], list[Remark]]:
    """Values by field name, and what could not be read or may not be changed."""
    state = {field.name: held(voucher.detail, field) for field in FIELDS}
    state |= {"date_info.begin_timestamp": voucher.begin, "date_info.end_timestamp": voucher.end}
    wanted: dict[str, Any] = {}
    problems: list[Remark] = []
    for word, raw in pairs.items():
        known = named(word)
        if wrong := _not_changeable(word, known.field if known else None, voucher.is_friends):
            problems.append(wrong)
        elif known is not None:
            try:
                values = read(Asked(known.field, raw, known.entry, {**state, **wanted}, clock.wechat_today(), share))
            except Unreadable as unreadable:
                problems.append(unreadable.remark)
                continue
            if known.field.kind not in _COMPOSED and wanted.keys() & values.keys():
                problems.append(remark(Kind.TWICE, known.field, raw))
            wanted |= values
    return wanted, problems


def _not_changeable(word: str, field: Field | None, is_friends: bool) -> Remark | None:
    if field is None:
        return Remark(Kind.UNKNOWN, found=word, values={"nearest": nearest(word, is_friends)})
    if field.kind is Type.GROUP:
        return remark(Kind.GROUP, field, word)
    if field.kind is Type.FIXED:
        return remark(Kind.FIXED, field, word)
    return None if field in changeable(is_friends) else remark(Kind.NOT_ORDINARY, field, word)


def _cells(voucher: Voucher, changes: Iterable[Change]) -> Iterator[Remark]:
    """40145: the payment cell takes the place of the centre cell.

    The self-redeem cell (45046) does so too, but card/get does not tell whether it is there.
    """
    for change in changes:
        if change.field.name == CELLS[0][0] and change.after and _pays(voucher):
            yield remark(Kind.CELL_TAKEN, change.field, str(change.after))


def _pays(voucher: Voucher) -> bool:
    cell = voucher.base_info.get("pay_info")
    swipe = cell.get("swipe_card") if isinstance(cell, Mapping) else None
    return isinstance(swipe, Mapping) and bool(swipe.get("is_swipe_card"))


def _cautions(voucher: Voucher, changes: tuple[Change, ...]) -> Iterator[Remark]:
    """What WeChat may mind, or the shop may not expect."""
    for change in changes:
        yield from length_cautions(change)
    yield from validity.cautions(voucher, changes)
    after = {change.field.name: change.after for change in changes}
    for title, others in CELLS:
        if any(after.get(other) for other in others) and not after.get(title, held(voucher.detail, BY_NAME[title])):
            yield remark(Kind.CELL_WITHOUT_TITLE, BY_NAME[next(other for other in others if after.get(other))],
                          title=BY_NAME[title])  # fmt: skip
    if voucher.under_review and changes:
        yield Remark(Kind.IN_REVIEW)
    elif voucher.approved and any(change.review for change in changes):
        yield Remark(Kind.NOT_CLAIMABLE)


def length_cautions(change: Change) -> Iterator[Remark]:
    """Where the documents differ about a limit, above the smaller one."""
    if change.field.name == "notice" and width(change.after) > change.field.limit / 3:
        # The document counts "16 Chinese characters (32 English characters)", stricter than 48 bytes for Latin letters.
        yield remark(Kind.NOTICE_WIDE, change.field, width=width(change.after), limit=change.field.limit // 3)
    texts = [(change.field, change.after)] if isinstance(change.after, str) else []
    if change.field.kind is Type.COVER:
        texts = [(change.field, url) for url in change.after]
    if change.field.kind is Type.PICTURES:
        parts = (BY_NAME["text_image_list.image_url"], BY_NAME["text_image_list.text"])
        texts = [
            (part, str(entry.get(part.name.rpartition(".")[2], "")))
            for entry in entries(change.after)
            for part in parts
        ]
    for field, text in texts:
        if (size := len(text.encode())) > field.advised > 0:
            yield remark(Kind.LONGER_THAN_ADVISED, field, text, size=size, limit=field.advised)


def width(text: str) -> float:
    """Chinese characters count 1, ASCII ones ½."""
    return sum(0.5 if char.isascii() else 1 for char in text)
