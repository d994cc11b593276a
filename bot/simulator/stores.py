"""Stores (poi) of the accounts and their audit.

Source: vouchers.md 9.2 and 10.5. ``state`` is available_state: 1 system error, 2 under review, 3 approved, 4 rejected.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.simulator.persistence import Store as Records
from bot.simulator.stream import Stream

UNDER_REVIEW, APPROVED, REJECTED = 2, 3, 4


@dataclass
class Store:
    """A store as poi/getpoi prints it; ``pending``: changed fields that are being reviewed."""

    appid: str
    poi_id: int
    info: dict[str, Any]
    state: int = UNDER_REVIEW
    pending: dict[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """base_info of an answer; the id is text there."""
        status = {"available_state": self.state, "update_status": int(bool(self.pending))}
        return {**self.info, "poi_id": str(self.poi_id), **status}


class StoreBook:
    """Stores by account."""

    def __init__(self, records: Records, stream: Stream) -> None:
        self._records, self._stream = records, stream
        self._stores = {(appid, int(key)): Store(**value) for appid, key, value in records.all("poi")}

    def add(self, appid: str, info: dict[str, Any], *, poi_id: int = 0, state: int = UNDER_REVIEW) -> Store:
        """A new store; 0: an id of nine digits is made up."""
        store = Store(appid, poi_id or secrets.randbelow(9 * 10**8) + 10**8, dict(info), state)
        if (appid, store.poi_id) not in self._stores:
            self.save(store)
        return self._stores[appid, store.poi_id]

    def save(self, store: Store) -> None:
        """Keep a new or changed store and tell the watchers."""
        self._stores[store.appid, store.poi_id] = store
        self._records.put("poi", store.appid, str(store.poi_id), asdict(store))
        self._stream.publish("poi", appid=store.appid, poi_id=store.poi_id, state=store.state)

    def find(self, appid: str, poi_id: int) -> Store | None:
        """The store, None where there is none."""
        return self._stores.get((appid, poi_id))

    def of(self, appid: str) -> list[Store]:
        """The account's stores, oldest first."""
        return [store for (owner, _), store in self._stores.items() if owner == appid]

    def remove(self, store: Store) -> None:
        """Delete it."""
        del self._stores[store.appid, store.poi_id]
        self._records.remove("poi", store.appid, str(store.poi_id))
        self._stream.publish("poi", appid=store.appid, poi_id=store.poi_id, state=0)

    def decide(self, store: Store, *, approve: bool) -> None:
        """End a review of a new or changed store; a refused change leaves what was. Raises :exc:`LookupError`."""
        if store.state != UNDER_REVIEW and not store.pending:
            raise LookupError(f"store {store.poi_id} is not under review")
        if store.pending:
            store.info |= store.pending if approve else {}
            store.pending = {}
        else:
            store.state = APPROVED if approve else REJECTED
        self.save(store)
