"""A difference between what a voucher holds and what it shall hold, and how WeChat is asked for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.vouchers.comparing import canonical, held, same
from bot.vouchers.fields import BY_NAME, Field, Kind
from bot.vouchers.model import FIXED_RANGE, Voucher
from bot.vouchers.remarks import Remark


@dataclass(frozen=True, slots=True)
class Change:
    """One field, from ``before`` (None: absent) to ``after``, both as WeChat writes them."""

    field: Field
    before: Any
    after: Any

    @property
    def review(self) -> bool:
        """Whether WeChat's table says that this goes back to review. ``send_check`` has the last word."""
        return self.field.review

    def to_json(self) -> dict[str, Any]:
        """For previews and records."""
        return {"field": self.field.name, "before": self.before, "after": self.after}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Change:
        """What :meth:`to_json` wrote. KeyError for a field that no longer exists."""
        return cls(BY_NAME[value["field"]], value["before"], value["after"])


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a request comes to: problems (then nothing is to be sent), changes with cautions, or nothing to change."""

    voucher: Voucher
    changes: tuple[Change, ...] = ()
    problems: tuple[Remark, ...] = ()
    cautions: tuple[Remark, ...] = ()
    unchanged: tuple[Field, ...] = ()

    @property
    def review(self) -> bool:
        """Whether any change goes back to review by WeChat's table."""
        return any(change.review for change in self.changes)

    @property
    def review_possible(self) -> bool:
        """The table calls ``advanced_info`` reviewed as a whole and most of its children not: WeChat decides."""
        return not self.review and any(change.field.place == "advanced_info" for change in self.changes)

    def payload(self) -> dict[str, Any]:
        """JSON that a ``yes`` hands back to :meth:`bot.vouchers.updates.Updates.apply`."""
        return {
            "card_id": self.voucher.card_id,
            "fingerprint": fingerprint(self.voucher.card_id, self.changes),
            "changes": [change.to_json() for change in self.changes],
        }


def fingerprint(card_id: str, changes: Iterable[Change]) -> str:
    """The identity of this very difference: it changes when WeChat's present values or the wanted ones do."""
    parts = [
        (change.field.name, canonical(change.field, change.before), canonical(change.field, change.after))
        for change in changes
    ]
    text = json.dumps([card_id, sorted(parts, key=lambda part: part[0])], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def differences(voucher: Voucher, wanted: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changes that ``wanted`` (field name → value) makes to ``voucher``, in the order of the table."""
    found = [
        Change(field, held(voucher.detail, field), wanted[name]) for name, field in BY_NAME.items() if name in wanted
    ]
    return tuple(change for change in found if not same(change.field, change.before, change.after))


def body(voucher: Voucher, changes: Iterable[Change]) -> dict[str, Any]:
    """What stands under the type key of card/update: the changed fields alone, nested as WeChat nests them.

    Two of them are objects and sent complete whenever a part changes: ``date_info``, since WeChat judges type and both
    ends together (40100), and ``abstract``, since whether WeChat keeps a part that is missing is not confirmed.
    """
    changed: dict[str, Any] = {}
    for change in changes:
        place = changed
        for key in change.field.path[:-1]:
            place = place.setdefault(key, {})
        place[change.field.path[-1]] = _sent(change)
    if "date_info" in changed.get("base_info", {}):
        ends = {"begin_timestamp": voucher.begin, "end_timestamp": voucher.end}
        changed["base_info"]["date_info"] = {"type": FIXED_RANGE, **ends, **changed["base_info"]["date_info"]}
    if "abstract" in changed.get("advanced_info", {}):
        kept = {part: held(voucher.detail, BY_NAME[f"abstract.{part}"]) for part in ("abstract", "icon_url_list")}
        present = {part: value for part, value in kept.items() if value}
        changed["advanced_info"]["abstract"] = present | changed["advanced_info"]["abstract"]
    return changed


def _sent(change: Change) -> Any:
    """Stores are cleared by ``"0"``, as copies of the ordinary-coupon page say; an empty list may mean no change."""
    return "0" if change.field.kind is Kind.STORES and not change.after else change.after


def unseen(voucher: Voucher, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Those of ``changes`` that ``voucher``, read after an update, does not hold."""
    return tuple(
        change for change in changes if not same(change.field, held(voucher.detail, change.field), change.after)
    )


def untouched(voucher: Voucher, changes: Iterable[Change]) -> bool:
    """Whether ``voucher`` still holds every value from before."""
    return all(same(change.field, held(voucher.detail, change.field), change.before) for change in changes)
