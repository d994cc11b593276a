"""Readers for the values of ``advanced_info``: summary, pictures, services, hours, and what is given along."""

from __future__ import annotations

from typing import Any

from bot.vouchers import lists
from bot.vouchers.asked import Asked, fitting, number, picture
from bot.vouchers.comparing import entries
from bot.vouchers.fields import BY_NAME, Field, Kind
from bot.vouchers.remarks import Kind as Problem
from bot.vouchers.vocabulary import DAYS, NOTHING, SERVICE_WORDS, SERVICES, TRUTHS


def summary(asked: Asked) -> dict[str, Any]:
    """``abstract=文字`` is its text, ``abstract=<picture> 文字`` its picture and text."""
    first, _, rest = asked.text.partition(" ")
    url, text = (first, rest.strip()) if first.startswith(("http://", "https://")) else ("", asked.text)
    text_field, cover_field = BY_NAME["abstract.abstract"], BY_NAME["abstract.icon_url_list"]
    values: dict[str, Any] = {}
    if url:
        values |= cover(asked.part(cover_field, url))
    if text:
        values[text_field.name] = fitting(asked.part(text_field, text), text)
    return values


def cover(asked: Asked) -> dict[str, Any]:
    """Exactly one picture (errcode 45044 for more)."""
    urls = lists.split(asked.raw, spaces=True)
    if len(urls) != 1:
        raise asked.wrong(Problem.ONE_PICTURE)
    return {asked.field.name: [picture(asked, urls[0])]}


def pictures(asked: Asked) -> dict[str, Any]:
    """``<picture> 文字、<picture> 文字``."""
    found = lists.pictures(asked.raw)
    if not found:
        raise asked.wrong(Problem.NOT_CDN)
    url_field = asked.part(BY_NAME["text_image_list.image_url"], asked.raw)
    text_field = BY_NAME["text_image_list.text"]
    for entry in found:
        picture(url_field, entry["image_url"])
        if not entry["text"]:  # errcode 41026
            raise asked.wrong(Problem.PICTURE_TEXT_MISSING, entry["image_url"])
        fitting(asked.part(text_field, entry["text"]), entry["text"])
    return {asked.field.name: found}


def picture_part(asked: Asked) -> dict[str, Any]:
    """One picture's address or text; which one may be left out where there is only one."""
    found = [dict(entry) for entry in entries(asked.state.get(asked.field.whole))]
    which = asked.entry or (1 if len(found) == 1 else 0)
    if not 1 <= which <= len(found):
        raise asked.wrong(Problem.NO_SUCH_PICTURE, str(asked.entry or ""), count=len(found))
    is_url = asked.field.kind is Kind.PICTURE_URL
    part = asked.field.name.rpartition(".")[2]
    found[which - 1][part] = picture(asked, asked.text) if is_url else fitting(asked, asked.text)
    return {asked.field.whole: found}


def services(asked: Asked) -> dict[str, Any]:
    """A set; empty means that none is shown."""
    if asked.nothing:
        return {asked.field.name: []}
    parts = lists.split(asked.raw)
    if any(_service(part) is None for part in parts):
        parts = lists.split(asked.raw, spaces=True)
    found = [(part, _service(part)) for part in parts]
    if wrong := [part for part, name in found if name is None]:
        raise asked.wrong(Problem.NOT_ONE_OF, wrong[0], choices=SERVICES)
    return {asked.field.name: list(dict.fromkeys(name for _, name in found))}


def _service(words: str) -> str | None:
    return SERVICE_WORDS.get(" ".join(words.lower().split()))


def hours(asked: Asked) -> dict[str, Any]:
    """Days with or without hours; empty means that no limit is shown."""
    found = lists.hours(asked.raw)
    if found is None:
        raise asked.wrong(Problem.NOT_HOURS, choices=DAYS)
    return {asked.field.name: found}


def days(asked: Asked) -> dict[str, Any]:
    """The days alone; days that stay keep their hours."""
    wanted = lists.hours(asked.raw)
    if wanted is None or any(len(entry) > 1 for entry in wanted):
        raise asked.wrong(Problem.NOT_ONE_OF, choices=DAYS)
    kept = entries(asked.state.get(asked.field.whole))
    chosen = [entry for day in wanted for entry in [old for old in kept if old.get("type") == day["type"]] or [day]]
    return {asked.field.whole: [dict(entry) for entry in chosen]}


def share_self(asked: Asked) -> dict[str, Any]:
    """``1``, or a yes or no: only one more can be given."""
    truth = False if asked.nothing else TRUTHS.get(asked.words)
    return {asked.field.name: number(asked, 0, 1) if truth is None else int(truth)}


def share_list(asked: Asked) -> dict[str, Any]:
    """The vouchers given along, each by card_id or title; how many are allowed the rules say."""
    if asked.nothing:
        return {asked.field.name: []}
    return {
        asked.field.name: [{"card_id": _shared(asked, words), "num": num} for words, num in lists.shared(asked.raw)]
    }


def share_card(asked: Asked) -> dict[str, Any]:
    """The one voucher given along."""
    return {asked.field.whole: [{"card_id": _shared(asked, asked.raw.strip()), "num": 1}]}


def _shared(asked: Asked, words: str) -> str:
    if words not in asked.share:
        raise asked.wrong(Problem.SHARE_UNKNOWN, words)
    return asked.share[words].card_id


def share_count(asked: Asked) -> dict[str, Any]:
    """WeChat takes nothing but 1, so this can only repeat what stands."""
    count = number(asked, 1, 1)
    given = entries(asked.state.get(asked.field.whole))
    if not given:
        raise asked.wrong(Problem.SHARE_ONE)
    return {asked.field.whole: [{**entry, "num": count} for entry in given]}


def shared_words(field: Field, raw: str) -> list[str]:
    """The words of one pair that name other vouchers, for the caller to look up."""
    if field.kind is Kind.SHARE_CARD:
        return [raw.strip()]
    if field.kind is Kind.SHARE_LIST and raw.strip().lower() not in NOTHING:
        return [words for words, _ in lists.shared(raw)]
    return []
