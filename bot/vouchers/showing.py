"""Changes as a preview shows them: plain data for the templates, long texts cut to where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from bot.clock import local
from bot.vouchers.changes import Change
from bot.vouchers.colors import color_name
from bot.vouchers.comparing import entries, members
from bot.vouchers.fields import Kind
from bot.vouchers.remarks import Remark
from bot.vouchers.vocabulary import WEEK

LONGEST = 48
"""Characters of one value; two of them fit three lines of a phone."""
_CONTEXT = 8

FEW_STORES = 5
"""Longer lists are cut in the preview."""


@dataclass(frozen=True, slots=True)
class Part:
    """One picture's ``text`` or ``image_url`` within a list, counted from 1; empty where there is none."""

    entry: int
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A begin or end: the day in UTC+8, and the time where it is not the day's first or last second."""

    day: date
    time: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Days from ``first`` to ``last`` in WeChat's words; ``hours`` as ``10:00–20:59``, empty for the whole day."""

    first: str
    last: str
    hours: str


@dataclass(frozen=True, slots=True)
class Shown:
    """``before`` and ``after`` by ``kind``: text, a colour's name, WeChat's words, titles, moments, runs.

    None: empty.
    A list of pictures is told by ``parts`` instead; ``added`` and ``removed`` tell long lists of stores apart.
    """

    name: str
    label: str
    kind: str
    before: Any
    after: Any
    review: bool
    parts: tuple[Part, ...] = ()
    added: tuple[Any, ...] = ()
    removed: tuple[Any, ...] = ()


def shown(changes: Iterable[Change], titles: Mapping[str, str] | None = None) -> list[Shown]:
    """Each change for the eye. ``titles`` names vouchers given along by card_id, where known."""
    return [_shown(change, titles or {}) for change in changes]


def given(changes: Iterable[Change]) -> set[str]:
    """The card_ids among ``changes``, for which :func:`shown` likes to know titles."""
    lists = [
        side for change in changes if change.field.kind is Kind.SHARE_LIST for side in (change.before, change.after)
    ]
    return {str(entry.get("card_id")) for side in lists for entry in entries(side)}


def brief(remarks: Iterable[Remark]) -> list[Remark]:
    """The same remarks with what was found cut to a line."""
    return [replace(remark, found=shorten(remark.found)) for remark in remarks]


def shorten(text: str, start: int = 0) -> str:
    """At most :data:`LONGEST` characters of ``text`` from ``start`` on, one line, marks where something is left out."""
    line = text.replace("\r\n", "\n")
    if len(line) <= LONGEST:
        return _one_line(line)
    start = min(start, len(line) - LONGEST)
    cut = line[start : start + LONGEST]
    return _one_line(("…" if start else "") + cut + ("…" if start + LONGEST < len(line) else ""))


def excerpts(before: str, after: str) -> tuple[str, str]:
    """Both texts cut so that the first difference is seen in each."""
    common = next((i for i, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), None)
    start = max(0, (min(len(before), len(after)) if common is None else common) - _CONTEXT)
    return shorten(before, start), shorten(after, start)


def _one_line(text: str) -> str:
    """``text`` on one line, its lines parted by strokes."""
    return " / ".join(line.strip(" \t") for line in text.replace("\r\n", "\n").split("\n"))


def _shown(change: Change, titles: Mapping[str, str]) -> Shown:
    field = change.field
    if field.kind is Kind.PICTURES:
        return Shown(field.name, field.label, field.kind, None, None, change.review, tuple(_parts(change)))
    before, after = (_eye(field.kind, value, titles) for value in (change.before, change.after))
    if field.kind is Kind.STORES:
        return _stores(change)
    if isinstance(before or "", str) and isinstance(after or "", str):
        before, after = excerpts(before or "", after or "")
    return Shown(field.name, field.label, field.kind, _filled(before), _filled(after), change.review)


def _stores(change: Change) -> Shown:
    before, after = members(change.before), members(change.after)
    many = max(len(before), len(after)) > FEW_STORES
    added, removed = (
        tuple(sorted(set(one) - set(two))) if many else () for one, two in ((after, before), (before, after))
    )
    field = change.field
    return Shown(field.name, field.label, field.kind, before or None, after or None, change.review, (), added, removed)


def _filled(value: Any) -> Any:
    """None for everything empty; 0 and no are not."""
    return None if value in (None, "", []) else value


def _eye(kind: Kind, value: Any, titles: Mapping[str, str]) -> Any:
    match kind:
        case Kind.COLOR:
            return color_name(str(value or "")) or value
        case Kind.FIRST_DAY | Kind.LAST_DAY:
            return _moment(value, end=kind is Kind.LAST_DAY)
        case Kind.HOURS:
            return _runs(entries(value))
        case Kind.SHARE_LIST:
            return [titles.get(str(entry.get("card_id")), str(entry.get("card_id"))) for entry in entries(value)]
        case Kind.COVER:
            return "、".join(map(str, value or []))
    return value


def _runs(found: Iterable[Mapping[str, Any]]) -> list[Run]:
    """Days in a row with the same hours as one run: Monday to Friday 10:00–20:59."""
    runs: list[Run] = []
    for entry in found:
        day, hours = str(entry.get("type")), _clock(entry)
        last = runs[-1] if runs else None
        if last and last.hours == hours and (last.last, day) in pairwise(WEEK):
            runs[-1] = Run(last.first, day, hours)
        else:
            runs.append(Run(day, day, hours))
    return runs


def _moment(value: Any, *, end: bool) -> Moment | None:
    if not str(value or "").isdigit():
        return None
    time = local(int(value))
    natural = "23:59:59" if end else "00:00:00"
    return Moment(time.date(), "" if f"{time:%H:%M:%S}" == natural else f"{time:%H:%M}")


def _clock(entry: Mapping[str, Any]) -> str:
    """``10:00–20:59``, empty for the whole day."""
    if not entry.keys() & {"begin_hour", "end_hour"}:
        return ""
    hours = [(entry.get(f"{end}_hour") or 0, entry.get(f"{end}_minute") or 0) for end in ("begin", "end")]
    return "–".join(f"{int(hour):02}:{int(minute):02}" for hour, minute in hours)


def _parts(change: Change) -> Iterable[Part]:
    """What differs between two lists of pictures, entry by entry."""
    before, after = entries(change.before), entries(change.after)
    for number in range(max(len(before), len(after))):
        old, new = (side[number] if number < len(side) else {} for side in (before, after))
        for name in ("image_url", "text"):
            one, two = str(old.get(name) or ""), str(new.get(name) or "")
            if one != two:
                yield Part(number + 1, name, *excerpts(one, two))
