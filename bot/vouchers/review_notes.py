"""What is kept about reviews: changes that went there, vouchers that wait, results; and how a reading changes a note.

Pure but for the clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot import clock
from bot.vouchers.fields import BY_NAME
from bot.vouchers.model import Status, Voucher

RESULTS_SECONDS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Submission:
    """One change of ours that went to review: names of the changed fields (those of the field table), who, when."""

    fields: tuple[str, ...]
    openid: str
    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A voucher under review.

    ``since`` is exact for our own changes, else when it was first seen so. ``confirmed``: a read has shown it under
    review (whether an approved voucher always reads so after an update is not confirmed; one that never did cannot be
    told from a decided one). ``decided_at``: when a read first saw it decided though no event had said so, else 0.
    """

    card_id: str
    title: str
    since: float
    submissions: tuple[Submission, ...] = ()
    confirmed: bool = False
    decided_at: float = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one review: ``at`` by WeChat's clock, ``told_at`` by ours.

    ``missed``: found by the watch. Its ``reason`` is not known then, unless the event came late.
    """

    card_id: str
    title: str
    passed: bool
    at: float
    told_at: float
    reason: str = ""
    missed: bool = False
    submissions: tuple[Submission, ...] = ()


def labels(submissions: Iterable[Submission]) -> list[dict[str, str]]:
    """The fields of several submissions that reviewers look at, each once: the document's ``name``, Chinese ``label``.

    All of them where the document's table has none reviewed: ``send_check`` knows better than the table.
    """
    names = dict.fromkeys(name for each in submissions for name in each.fields if name in BY_NAME)
    reviewed = [name for name in names if BY_NAME[name].review]
    return [{"name": name, "label": BY_NAME[name].label} for name in reviewed or names]


def together(submissions: Iterable[Submission]) -> list[Submission]:
    """``submissions`` of one person in one minute as one, in order: nobody reads the same line twice."""
    found: dict[tuple[str, int], Submission] = {}
    for each in submissions:
        key = each.openid, int(each.at // 60)
        known = found.get(key)
        found[key] = replace(known, fields=(*known.fields, *each.fields)) if known else each
    return list(found.values())


def to_correct(submissions: Iterable[Submission], reason: str) -> dict[str, str] | None:
    """The changed field that ``reason`` names by one of its words; else the logo, else the first; None without any."""
    fields = labels(submissions)
    said = reason.lower()
    named = [field for field in fields if any(word.lower() in said for word in BY_NAME[field["name"]].words)]
    logo = [field for field in fields if field["name"] == "logo_url"]
    return next(iter([*named, *logo, *fields]), None)


def after_reading(voucher: Voucher, known: Waiting | None, asked_at: float) -> Waiting | None:
    """The note about ``voucher`` now that it was read."""
    if voucher.under_review:
        if known is None:
            return Waiting(voucher.card_id, voucher.title, asked_at, confirmed=True)
        return replace(known, title=voucher.title, confirmed=True, decided_at=0)
    if known is None or voucher.deleted:
        return None
    if known.confirmed and not known.decided_at and voucher.status is not Status.UNKNOWN and known.since <= asked_at:
        return replace(known, decided_at=clock.now())
    return known


def decision(card_id: str, title: str, known: Waiting | None, *, passed: bool, at: float, reason: str = "") -> Result:
    title = title or (known.title if known else "")
    return Result(card_id, title, passed, at, clock.now(), reason, submissions=known.submissions if known else ())


def recent(result: Result) -> bool:
    return result.told_at > clock.now() - RESULTS_SECONDS


def field_of(result: Result) -> str:
    return f"{result.card_id}:{result.at}:{int(result.passed)}"


def to_json(value: Waiting | Result) -> str:
    return json.dumps(asdict(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def waiting_of(raw: str) -> Waiting:
    value: dict[str, Any] = json.loads(raw)
    return Waiting(**{**value, "submissions": _submissions(value)})


def result_of(raw: str) -> Result:
    value: dict[str, Any] = json.loads(raw)
    return Result(**{**value, "submissions": _submissions(value)})


def _submissions(value: dict[str, Any]) -> tuple[Submission, ...]:
    return tuple(Submission(**{**each, "fields": tuple(each["fields"])}) for each in value["submissions"])
