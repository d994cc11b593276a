"""A call of WeChat's that answers nobody is left alone for a while, for the account it failed for.

Each failed try holds a connection and somebody's patience for as long as a minute; a dead API of one account would slow
everything else down. So after :data:`FAILURES` in a row a call is refused at once, as unreachable, which it is: nothing
was sent. After a rest one call may try; its success opens the way for all.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot import clock
from bot.errors import WeChatUnreachable

log = logging.getLogger(__name__)

FAILURES = 5
RESTS = (2.0, 5.0, 10.0, 20.0)
"""Seconds until the next call may try, longer with each try that failed, too."""
FAILED = frozenset({"WeChatUnreachable", "OutcomeUnknown", "AnswerUnreadable"})
"""Outcomes of a request that are no answer; whatever errcode is one."""


@dataclass(slots=True)
class _Path:
    failures: int = 0
    closed_until: float = 0.0
    tries: int = 0


class Breaker:
    """Of one account, for one process."""

    def __init__(self, appid: str) -> None:
        self._appid = appid
        self._paths: dict[str, _Path] = {}

    def check(self, path: str) -> None:
        """Raise WeChatUnreachable while ``path`` rests; the first call after a rest goes through and decides."""
        known = self._paths.get(path)
        if known is None or not known.closed_until:
            return
        if clock.now() < known.closed_until:
            raise WeChatUnreachable(path, "it failed again and again, and rests")
        known.closed_until = clock.now() + RESTS[min(known.tries, len(RESTS) - 1)]  # for everybody but this one

    def note(self, path: str, outcome: int | str, _seconds: float) -> None:
        """What became of a request: an observer of :class:`bot.wechat.exchange.Exchange`."""
        if outcome not in FAILED:
            if self._paths.pop(path, _Path()).closed_until:
                log.warning("call answers again", extra={"account": self._appid, "path": path})
            return
        known = self._paths.setdefault(path, _Path())
        known.failures += 1
        if known.failures >= FAILURES:
            if not known.closed_until:
                log.warning("call rests", extra={"account": self._appid, "path": path})
            known.closed_until = clock.now() + RESTS[min(known.tries, len(RESTS) - 1)]
            known.tries += 1

    def resting(self) -> list[str]:
        """The paths that rest."""
        return sorted(path for path, known in self._paths.items() if known.closed_until > clock.now())
