"""The vouchers of every shop and their review queue."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.errors import ApiError
from bot.simulator.model import Review
from bot.simulator.persistence import Store
from bot.simulator.stream import Stream
from bot.simulator.vouchers import STATUSES, Card, base_info, is_friends


@dataclass
class Voucher:
    """A card as card/get returns it, with what WeChat knows besides.

    ``source``: 0 made in the console, 1 through the API. ``cells``: "pay" and "self_consume" buttons that are
    on. ``review``: what is being reviewed, None outside a review. ``swallow``: fields whose next change is
    accepted and not carried out. ``reminded_at``: when card_sku_remind was pushed last.
    """

    appid: str
    card: Card
    source: int = 1
    cells: list[str] = field(default_factory=list)
    review: dict[str, Any] | None = None
    swallow: list[str] = field(default_factory=list)
    reminded_at: float = 0.0

    @property
    def card_id(self) -> str:
        return str(base_info(self.card)["id"])

    @property
    def title(self) -> str:
        return str(base_info(self.card)["title"])

    @property
    def status(self) -> str:
        return str(base_info(self.card)["status"])

    @property
    def friends(self) -> bool:
        return is_friends(self.card)

    def set_status(self, status: str) -> None:
        """Set the status by its bare name (VERIFY_OK …) or in full; :meth:`Shelf.save` keeps it."""
        bare = status.removeprefix("CARD_STATUS_")
        if bare not in STATUSES:
            raise ValueError(f"status is {status!r}, expected one of {', '.join(STATUSES)}")
        base_info(self.card)["status"] = f"CARD_STATUS_{bare}"
        self.settle()

    def settle(self) -> None:
        """Let the queue agree with the status: what reads NOT_VERIFY waits for the reviewers, nothing else does."""
        if self.status != "CARD_STATUS_NOT_VERIFY":
            self.review = None
        elif self.review is None:
            self.review = {"submitted_at": time.time(), "changed": {}}


class Shelf:
    """Vouchers by appid and card_id."""

    def __init__(self, store: Store, stream: Stream) -> None:
        self._store, self._stream = store, stream
        self._vouchers: dict[str, dict[str, Voucher]] = {}
        for appid, key, value in store.all("voucher"):
            self._vouchers.setdefault(appid, {})[key] = Voucher(appid=appid, **value)
        self._decided: list[dict[str, Any]] = [value for _, _, value in store.all("decision")]

    def add(self, voucher: Voucher) -> str:
        """Put a voucher on the shelf; one kept from an earlier run stays as it is."""
        own = self._vouchers.setdefault(voucher.appid, {})
        if voucher.card_id not in own:
            voucher.settle()
            own[voucher.card_id] = voucher
            self.save(voucher)
        return voucher.card_id

    def find(self, appid: str, card_id: str) -> Voucher:
        """The voucher, deleted or not. Raises 40073, also for another account's."""
        try:
            return self._vouchers[appid][card_id]
        except KeyError:
            raise ApiError(40073) from None

    def of(self, appid: str) -> list[Voucher]:
        """The account's vouchers, newest first (the order of card/batchget is printed nowhere)."""
        own = self._vouchers.get(appid, {}).values()
        # Of two made in the same second the one added later is the newer: sort upwards, then turn round.
        oldest_first = sorted(own, key=lambda voucher: int(base_info(voucher.card).get("create_time", 0)))
        return oldest_first[::-1]

    def save(self, voucher: Voucher) -> None:
        """Keep a changed voucher and tell the watchers."""
        value = {name: part for name, part in vars(voucher).items() if name != "appid"}
        self._store.put("voucher", voucher.appid, voucher.card_id, value)
        self._stream.publish("voucher", appid=voucher.appid, card_id=voucher.card_id, status=voucher.status)

    # reviews ------------------------------------------------------------------------------------------------

    def submit(self, voucher: Voucher, changed: Mapping[str, tuple[Any, Any]]) -> None:
        """Send a changed voucher to review.

        A change during a review joins it, with the old values of the first.
        """
        earlier = voucher.review["changed"] if voucher.review else {}
        merged = copy.deepcopy(dict(earlier))
        for path, (old, new) in changed.items():
            merged[path] = [merged[path][0] if path in merged else old, new]
        voucher.review = {"submitted_at": time.time(), "changed": merged}
        voucher.set_status("NOT_VERIFY")
        self.save(voucher)
        self._stream.publish("review", appid=voucher.appid, card_id=voucher.card_id, state="submitted")

    def decide(self, voucher: Voucher, *, approve: bool, reason: str) -> None:
        """End a review. Raises :exc:`LookupError` when there is none.

        What was sent stays visible after a refusal, with the status VERIFY_FAIL: whether WeChat goes back to
        the old values is not confirmed. An approved voucher reads VERIFY_OK even if it had been DISPATCH
        before.
        """
        if voucher.review is None:
            raise LookupError(f"voucher {voucher.card_id} is not under review")
        decision = {
            "card_id": voucher.card_id,
            "title": voucher.title,
            "approved": approve,
            "reason": reason,
            "decided_at": time.time(),
            **voucher.review,
        }
        self._decided.append({"appid": voucher.appid, **decision})
        self._store.append("decision", voucher.appid, self._decided[-1])
        voucher.set_status("VERIFY_OK" if approve else "VERIFY_FAIL")
        self.save(voucher)
        self._stream.publish("review", appid=voucher.appid, card_id=voucher.card_id, state="decided", approved=approve)

    def pending(self, appid: str) -> list[Review]:
        """The queue, oldest first."""
        waiting = [
            Review(
                voucher.card_id,
                voucher.title,
                voucher.review["submitted_at"],
                {path: (old, new) for path, (old, new) in voucher.review["changed"].items()},
            )
            for voucher in self.of(appid)
            if voucher.review is not None
        ]
        return sorted(waiting, key=lambda review: review.submitted_at)

    def decided(self, appid: str) -> list[dict[str, Any]]:
        """Past decisions, oldest first."""
        return [decision for decision in self._decided if decision["appid"] == appid]
