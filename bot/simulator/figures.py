"""The truth behind datacube: counters per voucher (or whole account), day and source.

Three layers: figures set outright win; else a seed (the demo's history) plus what happened while the
simulator ran.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.simulator.days import today
from bot.simulator.persistence import Store
from bot.simulator.shelf import Voucher

TOPICS = ("view", "receive", "verify", "given", "expire")
COUNTERS = tuple(f"{topic}_{unit}" for topic in TOPICS for unit in ("cnt", "user"))

Figures = dict[str, int]
Seed = Callable[[Voucher, date], Mapping[str, int]]

EVENT_TOPICS = {
    "user_view_card": "view",
    "user_get_card": "receive",
    "user_consume_card": "verify",
    "user_gifting_card": "given",
}


class FigureBook:
    """Figures by account; ``seed`` gives a voucher's history, {} for a day without any."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.seed: Seed | None = None
        self._set: dict[tuple[str, str], Mapping[str, int]] = {
            (appid, key): value for appid, key, value in store.all("figures")
        }
        self._happened: dict[tuple[str, str], dict[str, Any]] = {
            (appid, key): value for appid, key, value in store.all("happened")
        }

    def put(self, appid: str, card_id: str | None, day: str, source: int, figures: Mapping[str, int] | None) -> None:
        """Set a day outright; None or {}: the day is missing. Raises :exc:`ValueError` for unknown names."""
        unknown = [
            name for name in figures or {} if name not in COUNTERS and "friends" not in name and "noself" not in name
        ]
        if unknown or source not in {0, 1}:
            raise ValueError(f"unknown counters {unknown} or source {source}")
        key = f"{date.fromisoformat(day).isoformat()} {source} {card_id or ''}"
        self._set[appid, key] = dict(figures or {})
        self._store.put("figures", appid, key, dict(figures or {}))

    def happened(self, voucher: Voucher, event: str, openid: str) -> None:
        """Count a customer's event into today's figures."""
        topic = EVENT_TOPICS.get(event.lower())
        if topic is None:
            return
        key = f"{today().isoformat()} {voucher.card_id}"
        record = self._happened.setdefault((voucher.appid, key), {})
        record[f"{topic}_cnt"] = record.get(f"{topic}_cnt", 0) + 1
        people = record.setdefault(f"{topic}_people", [])
        if openid not in people:
            people.append(openid)
        self._store.put("happened", voucher.appid, key, record)

    def of_voucher(self, voucher: Voucher, day: date, source: int) -> Figures | None:
        """One voucher's day, None when there is nothing to tell."""
        given = self._set.get((voucher.appid, f"{day.isoformat()} {source} {voucher.card_id}"))
        if given is not None:
            return _full(given) if given else None
        if source != voucher.source:
            return None
        figures = dict(self.seed(voucher, day)) if self.seed else {}
        record = self._happened.get((voucher.appid, f"{day.isoformat()} {voucher.card_id}"), {})
        for topic in TOPICS:
            for name, more in (
                (f"{topic}_cnt", record.get(f"{topic}_cnt", 0)),
                (f"{topic}_user", len(record.get(f"{topic}_people", ()))),
            ):
                if more:
                    figures[name] = figures.get(name, 0) + more
        return _full(figures) if any(figures.values()) else None

    def of_account(self, appid: str, vouchers: list[Voucher], day: date, source: int) -> Figures | None:
        """The whole account's day: set outright, else the sum of its vouchers' counts.

        People who used two vouchers are counted once, so the account's people are fewer than the vouchers'
        together.
        """
        given = self._set.get((appid, f"{day.isoformat()} {source} "))
        if given is not None:
            return _full(given) if given else None
        days = [found for voucher in vouchers if (found := self.of_voucher(voucher, day, source))]
        if not days:
            return None
        figures = {f"{topic}_cnt": sum(found[f"{topic}_cnt"] for found in days) for topic in TOPICS}
        for topic in TOPICS:
            people = [found[f"{topic}_user"] for found in days]
            figures[f"{topic}_user"] = max([*people, round(sum(people) * 0.93)])
        return _full(figures)


def _full(figures: Mapping[str, int]) -> Figures:
    return {name: int(figures.get(name, 0)) for name in COUNTERS} | {
        name: value for name, value in figures.items() if name not in COUNTERS
    }
