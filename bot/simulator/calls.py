"""The log of API calls, the faults waiting for the next ones, and the daily quotas."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from bot.simulator.days import today
from bot.simulator.errors import ApiError
from bot.simulator.model import Call, Fault
from bot.simulator.persistence import Store
from bot.simulator.stream import Stream

KEPT = 500
"""Calls that survive a restart; in memory all of this run's stay."""

QUOTAS: dict[str, int] = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/user/info": 5_000_000,
}
"""Calls a day of a new verified account, where a source prints them."""
OTHER_QUOTA = 100_000


class CallLog:
    """What was asked of WeChat."""

    def __init__(self, store: Store, stream: Stream) -> None:
        self._store, self._stream = store, stream
        self._calls = [Call(**value) for _, _, value in store.all("call")]

    def add(self, call: Call) -> None:
        """Note a call that has been answered (or cut)."""
        self._calls.append(call)
        value = asdict(call)
        self._store.append("call", call.appid, value, keep=KEPT)
        self._stream.publish("call", **value)

    def find(self, path_suffix: str = "", appid: str | None = None) -> list[Call]:
        """Calls whose path ends so, oldest first."""
        return [c for c in self._calls if c.path.endswith(path_suffix) and appid in {None, c.appid}]

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()
        self._store.forget("call")


@dataclass
class _Waiting:
    path: str
    fault: Fault
    left: int | None
    appid: str | None


class Faults:
    """Faults on demand: each waits for the next ``times`` calls of its path."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()

    def add(self, path: str, fault: Fault, times: int | None, appid: str | None) -> None:
        """``times=None``: until :meth:`clear`."""
        self._waiting.append(_Waiting(path, fault, times, appid))

    def take(self, path: str, appid: str) -> Fault | None:
        """The oldest fault waiting for this call, used up once."""
        for waiting in self._waiting:
            if path.endswith(waiting.path) and waiting.appid in {None, appid}:
                if waiting.left is not None:
                    waiting.left -= 1
                    if waiting.left <= 0:
                        self._waiting.remove(waiting)
                return waiting.fault
        return None

    def remove(self, fault: Fault) -> None:
        """Do without one that may still wait."""
        self._waiting = deque(waiting for waiting in self._waiting if waiting.fault is not fault)

    def clear(self) -> None:
        """Everything works again."""
        self._waiting.clear()


class Quotas:
    """Calls per account, path and day; 45009 from the first one too many until midnight UTC+8."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str], tuple[str, int]] = {}
        self._limits: dict[tuple[str, str], int] = {}

    def set_limit(self, appid: str, path: str, daily: int) -> None:
        """Change a limit."""
        self._limits[appid, path] = daily

    def limit(self, appid: str, path: str) -> int:
        """Calls a day."""
        return self._limits.get((appid, path), QUOTAS.get(path, OTHER_QUOTA))

    def used(self, appid: str, path: str) -> int:
        """Calls today."""
        day, count = self._used.get((appid, path), ("", 0))
        return count if day == today().isoformat() else 0

    def count(self, appid: str, path: str) -> None:
        """Count a call. Raises 45009."""
        used = self.used(appid, path)
        if used >= self.limit(appid, path):
            raise ApiError(45009)
        self._used[appid, path] = (today().isoformat(), used + 1)


def seconds_since(start: float) -> float:
    """Real seconds since a ``time.perf_counter()`` reading."""
    return round(time.perf_counter() - start, 4)


SECRETS = {
    "access_token",
    "component_access_token",
    "secret",
    "appsecret",
    "component_secret",
    "component_appsecret",
    "component_verify_ticket",
    "authorizer_refresh_token",
}
"""Members of a query or body that the log does not show."""


def masked(given: dict[str, Any]) -> dict[str, Any]:
    """A query or body without its secrets."""
    return {name: "***" if name in SECRETS else value for name, value in given.items()}


def masked_body(body: Any) -> Any:
    """A JSON body without its secrets."""
    return masked(body) if isinstance(body, dict) else body
