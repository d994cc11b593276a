"""Which accounts authorised the component, what they granted, and their switches."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict

from bot.simulator.errors import ApiError
from bot.simulator.open_platform.model import Authorisation
from bot.simulator.persistence import Store
from bot.simulator.stream import Stream

OPTIONS: dict[str, tuple[str, ...]] = {
    "location_report": ("0", "1", "2"),
    "voice_recognize": ("0", "1"),
    "customer_service": ("0", "1"),
}
"""Switches of an account a component may read and set, with their values; the first is the default."""


class Authorisations:
    """By appid, oldest first."""

    def __init__(self, store: Store, stream: Stream) -> None:
        self._store, self._stream = store, stream
        self._all = {key: Authorisation(**value) for _, key, value in store.all("authorisation")}
        self._options = {(appid, name): str(value) for appid, name, value in store.all("authorizer_option")}

    def grant(self, appid: str, sets: Sequence[int]) -> Authorisation:
        """Authorise, or authorise anew: the refresh token of before is void."""
        fresh = Authorisation(appid, sorted(set(sets)), new_refresh_token(), int(time.time()))
        self.save(fresh)
        return fresh

    def save(self, authorisation: Authorisation) -> None:
        """Keep a new or changed one and tell the watchers."""
        self._all[authorisation.appid] = authorisation
        self._store.put("authorisation", authorisation.appid, authorisation.appid, asdict(authorisation))
        self._stream.publish("authorisation", appid=authorisation.appid, authorised=True)

    def take_back(self, appid: str) -> None:
        """The account does not authorise the component any more. Raises :exc:`LookupError` if it did not."""
        if self._all.pop(appid, None) is None:
            raise LookupError(f"{appid} has not authorised the component")
        self._store.remove("authorisation", appid, appid)
        self._stream.publish("authorisation", appid=appid, authorised=False)

    def get(self, appid: str) -> Authorisation | None:
        """What the account granted, None if nothing."""
        return self._all.get(appid)

    def of(self, appid: object) -> Authorisation:
        """What the account granted. Raises 61003."""
        found = self._all.get(appid) if isinstance(appid, str) else None
        if found is None:
            raise ApiError(61003)
        return found

    def all(self) -> list[Authorisation]:
        """All of them, oldest first."""
        return list(self._all.values())

    def option(self, appid: str, name: object) -> str:
        """The value of a switch. Raises 61012."""
        if not isinstance(name, str) or name not in OPTIONS:
            raise ApiError(61012)
        return self._options.get((appid, name), OPTIONS[name][0])

    def set_option(self, appid: str, name: object, value: object) -> None:
        """Turn a switch. Raises 61012, 61013."""
        self.option(appid, name)
        if value not in OPTIONS[str(name)]:
            raise ApiError(61013)
        self._options[appid, str(name)] = str(value)
        self._store.put("authorizer_option", appid, str(name), value)


def new_refresh_token() -> str:
    """A refresh token no account had before."""
    return f"refreshtoken@@@{secrets.token_urlsafe(33)}"
