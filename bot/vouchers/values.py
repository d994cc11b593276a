"""From the text a shop types to the value WeChat wants, one reader per kind of field.

A reader returns the values it sets by field name, usually one; it raises :exc:`Unreadable` with what was found and
what is allowed. Limits between fields (validity, sharing, cells) are not judged here but in :mod:`bot.vouchers.rules`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from bot.clock import local
from bot.vouchers import dates, list_values, lists
from bot.vouchers.asked import Asked, fitting, number, picture
from bot.vouchers.colors import HEX, color_name
from bot.vouchers.fields import Kind
from bot.vouchers.model import FIXED_RANGE
from bot.vouchers.remarks import Kind as Problem
from bot.vouchers.vocabulary import CODE_TYPE_WORDS, CODE_TYPES, TRUTHS

MOST_CLAIMS = 50
"""``get_limit`` above is answered by 72009."""

_PHONE = re.compile(r"(?=.*\d)(?:[\d\s()+\-*#,、;/]|转|分机|ext\.?)+", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://)?[^\s/:.]+(?:\.[^\s/:.]+)+(?::\d+)?(?:[/?#]\S*)?")


def read(asked: Asked) -> dict[str, Any]:
    """The values that ``asked`` sets, by field name."""
    if asked.field.required and not asked.text:
        raise asked.wrong(Problem.EMPTY)
    return _READERS[asked.field.kind](asked)


def _text(asked: Asked) -> dict[str, Any]:
    """A word for nothing clears what may be cleared; a plain 0 is text."""
    text = "" if asked.nothing and asked.words != "0" and not asked.field.required else asked.text
    return {asked.field.name: fitting(asked, text)}


def _phone(asked: Asked) -> dict[str, Any]:
    """A number to call in plain digits, perhaps with an extension, perhaps several; a word for nothing clears it."""
    text = "" if asked.nothing else unicodedata.normalize("NFKC", asked.text)
    if text and not _PHONE.fullmatch(text):
        raise asked.wrong(Problem.NOT_A_PHONE)
    return {asked.field.name: fitting(asked, text)}


def _url(asked: Asked) -> dict[str, Any]:
    """An address, with or without http://; whether WeChat still takes web links it alone knows (73211)."""
    if asked.nothing:
        return {asked.field.name: ""}
    if not _LINK.fullmatch(asked.text):
        raise asked.wrong(Problem.NOT_A_LINK)
    return {asked.field.name: fitting(asked, asked.text)}


def _image(asked: Asked) -> dict[str, Any]:
    return {asked.field.name: picture(asked, asked.text)}


def _color(asked: Asked) -> dict[str, Any]:
    name = color_name(asked.raw)
    if name is None:
        raise asked.wrong(Problem.NOT_ONE_OF, choices=tuple(HEX))
    return {asked.field.name: name}


def _code_type(asked: Asked) -> dict[str, Any]:
    name = CODE_TYPE_WORDS.get(asked.words)
    if name is None:
        raise asked.wrong(Problem.NOT_ONE_OF, choices=CODE_TYPES)
    return {asked.field.name: name}


def _flag(asked: Asked) -> dict[str, Any]:
    truth = TRUTHS.get(asked.words)
    if truth is None:
        raise asked.wrong(Problem.NOT_ONE_OF, choices=("yes", "no"))
    return {asked.field.name: truth}


def _count(asked: Asked) -> dict[str, Any]:
    return {asked.field.name: number(asked, 1, MOST_CLAIMS)}


def _stores(asked: Asked) -> dict[str, Any]:
    """Store ids; an empty list means that all are to be cleared."""
    if asked.nothing:
        return {asked.field.name: []}
    parts = lists.split(asked.raw, spaces=True)
    if wrong := [part for part in parts if not re.fullmatch(r"\d{1,18}", part)]:
        raise asked.wrong(Problem.NOT_STORES, wrong[0])
    return {asked.field.name: list(dict.fromkeys(int(part) for part in parts))}


def _first_day(asked: Asked) -> dict[str, Any]:
    """It may only move earlier."""
    try:
        seconds = dates.beginning(asked.text, _present_first_day(asked), asked.today)
    except dates.YearMissingError as missing:
        raise asked.wrong(Problem.YEAR_MISSING, **_days_that_pass(asked, missing.day)) from None
    return {asked.field.name: _possible(asked, seconds)}


def _present_first_day(asked: Asked) -> date | None:
    begin = asked.state.get("date_info.begin_timestamp")
    return local(begin).date() if begin else None


def _days_that_pass(asked: Asked, first: date | None = None) -> dict[str, Any]:
    """Days for an example that would be accepted, since validity may only widen; ``first`` if it is known already."""
    end = asked.state.get("date_info.end_timestamp")
    begins, ends = _present_first_day(asked) or asked.today, local(end).date() if end else asked.today
    return {"first": first or begins - timedelta(days=1), "last": ends + timedelta(days=30)}


def _last_day(asked: Asked) -> dict[str, Any]:
    return {asked.field.name: _possible(asked, dates.ending(asked.text, asked.today))}


def _possible(asked: Asked, seconds: int | None) -> int:
    if seconds is None or not 0 < seconds <= dates.LATEST:
        raise asked.wrong(Problem.NOT_A_DATE, **_days_that_pass(asked))
    return seconds


def _validity(asked: Asked) -> dict[str, Any]:
    """Both ends, ``2026-01-01 至 2026-03-31``; one alone is most likely meant for the last day."""
    try:
        found = dates.span(asked.text, _present_first_day(asked), asked.today)
    except dates.YearMissingError as missing:
        raise asked.wrong(Problem.YEAR_MISSING, **_days_that_pass(asked, missing.day)) from None
    if found is None and dates.ending(asked.text, asked.today) is not None:
        raise asked.wrong(Problem.ONE_END, **_days_that_pass(asked))
    if found is None or not 0 < found[0] < found[1] <= dates.LATEST:
        raise asked.wrong(Problem.NOT_A_DATE, **_days_that_pass(asked))
    return {"date_info.begin_timestamp": found[0], "date_info.end_timestamp": found[1]}


def _validity_type(asked: Asked) -> dict[str, Any]:
    """Only one type can be changed at all, and naming it is no change; the rules compare it with the voucher's own."""
    if asked.words != FIXED_RANGE.lower():
        raise asked.wrong(Problem.NOT_ONE_OF, choices=(FIXED_RANGE,))
    return {asked.field.name: FIXED_RANGE}


_READERS: Mapping[Kind, Callable[[Asked], dict[str, Any]]] = {
    Kind.TEXT: _text,
    Kind.PHONE: _phone,
    Kind.URL: _url,
    Kind.IMAGE: _image,
    Kind.COLOR: _color,
    Kind.CODE_TYPE: _code_type,
    Kind.FLAG: _flag,
    Kind.COUNT: _count,
    Kind.STORES: _stores,
    Kind.VALIDITY: _validity,
    Kind.VALIDITY_TYPE: _validity_type,
    Kind.FIRST_DAY: _first_day,
    Kind.LAST_DAY: _last_day,
    Kind.SUMMARY: list_values.summary,
    Kind.COVER: list_values.cover,
    Kind.PICTURES: list_values.pictures,
    Kind.PICTURE_URL: list_values.picture_part,
    Kind.PICTURE_TEXT: list_values.picture_part,
    Kind.SERVICES: list_values.services,
    Kind.HOURS: list_values.hours,
    Kind.DAYS: list_values.days,
    Kind.SHARE_SELF: list_values.share_self,
    Kind.SHARE_LIST: list_values.share_list,
    Kind.SHARE_CARD: list_values.share_card,
    Kind.SHARE_COUNT: list_values.share_count,
}
