"""Access tokens: of `cgi-bin/token` and `cgi-bin/stable_token`, of a component, and of the accounts it speaks for.

The kinds are independent of each other. Source: pages of the calls (messaging.md A6.1, B2.1).
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from typing import Literal

from bot.simulator.days import day_of
from bot.simulator.errors import ApiError
from bot.simulator.persistence import Store

LIFETIME = 7200
OVERLAP = 300
FORCED_A_DAY = 20
FORCED_APART = 30
_SHAPE = re.compile(r"[A-Za-z0-9_-]{40,512}")


Kind = Literal["classic", "stable", "component", "authorizer"]


@dataclass
class Token:
    """One issued token; ``kind`` says which call issued it."""

    value: str
    appid: str
    kind: Kind
    expires_at: float
    current: bool = True
    broken: bool = False


class TokenBook:
    """Issues tokens and says whose a token is."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tokens: dict[str, Token] = {}
        self._by_appid: dict[str, list[Token]] = {}
        for _, _, value in store.all("token"):
            self._know(Token(**value))
        self._forced: dict[str, list[float]] = {}
        self._always_broken: set[str] = set()

    def classic(self, appid: str) -> tuple[str, int]:
        """A new token; the older ones of this call work five more minutes at most."""
        return self._issue(appid, "classic").value, LIFETIME

    def stable(self, appid: str, *, force: bool) -> tuple[str, int]:
        """(token, seconds left).

        The current one, a new one in its last five minutes, or a new one by force.
        """
        current = self._current(appid, "stable")
        if force:
            self._count_force(appid)
            self.kill(appid, "stable")
            return self._issue(appid, "stable").value, LIFETIME
        if current is not None and current.expires_at - time.time() > OVERLAP:
            return current.value, int(current.expires_at - time.time())
        return self._issue(appid, "stable").value, LIFETIME

    def component(self, appid: str) -> tuple[str, int]:
        """A new token of the component; what becomes of the older ones is not printed, so as with :meth:`classic`."""
        return self._issue(appid, "component").value, LIFETIME

    def authorizer(self, appid: str, *, overlap: bool = True) -> tuple[str, int]:
        """A new token to speak for an account; without ``overlap`` the older ones die at once."""
        return self._issue(appid, "authorizer", OVERLAP if overlap else 0).value, LIFETIME

    def owner(self, value: str) -> str:
        """The appid a token speaks for; see :meth:`valid`."""
        return self.valid(value).appid

    def valid(self, value: str) -> Token:
        """The token. Raises 41001, 40014, 40001, 42001 or, for a component's that is over, 42006."""
        if not value:
            raise ApiError(41001)
        if not _SHAPE.fullmatch(value):
            raise ApiError(40014)
        token = self._tokens.get(value)
        if token is None or token.broken or token.appid in self._always_broken:
            raise ApiError(40001)
        if token.expires_at <= time.time():
            # One that was replaced is "not the latest", one that lived its life is "expired".
            expired = 42006 if token.kind == "component" else 42001
            raise ApiError(expired if token.current else 40001)
        return token

    def peek(self, value: str) -> str:
        """The appid a token was issued to, valid or not; "" when unknown."""
        token = self._tokens.get(value)
        return token.appid if token else ""

    def expire(self, appid: str) -> None:
        """Every token of the account answers 42001 from now on."""
        for token in self._of(appid):
            self._save(token, expires_at=min(token.expires_at, time.time()), current=True)

    def kill(self, appid: str, kind: Kind) -> None:
        """The tokens of one kind answer 40001 from now on, as if newer ones had replaced them."""
        for token in self._of(appid, kind):
            self._save(token, expires_at=min(token.expires_at, time.time()), current=False)

    def break_(self, appid: str, *, permanent: bool) -> None:
        """The tokens answer 40001, though stable_token still hands out the same one.

        ``permanent``: so will new ones.
        """
        for token in self._of(appid):
            self._save(token, broken=True)
        if permanent:
            self._always_broken.add(appid)

    def heal(self, appid: str) -> None:
        """Undo :meth:`break_`."""
        self._always_broken.discard(appid)
        for token in self._of(appid):
            self._save(token, broken=False)

    def _of(self, appid: str, kind: Kind | None = None) -> list[Token]:
        return [token for token in self._by_appid.get(appid, ()) if kind in {None, token.kind}]

    def _know(self, token: Token) -> None:
        self._tokens[token.value] = token
        self._by_appid.setdefault(token.appid, []).append(token)

    def _current(self, appid: str, kind: Kind) -> Token | None:
        now = time.time()
        return next((t for t in self._of(appid, kind) if t.current and t.expires_at > now), None)

    def _issue(self, appid: str, kind: Kind, overlap: int = OVERLAP) -> Token:
        now = time.time()
        for old in self._of(appid, kind):
            if old.expires_at < now - LIFETIME:
                self._forget(old)
            elif old.expires_at > now:
                self._save(old, expires_at=min(old.expires_at, now + overlap), current=False)
        token = Token(f"98_{secrets.token_urlsafe(102)}", appid, kind, now + LIFETIME)
        self._know(token)
        self._save(token)
        return token

    def _count_force(self, appid: str) -> None:
        """Twenty a day and half a minute apart; the codes of these two refusals are not printed anywhere."""
        now = time.time()
        today = [at for at in self._forced.get(appid, []) if day_of(at) == day_of(now)]
        if len(today) >= FORCED_A_DAY:
            raise ApiError(45009)
        if today and now - today[-1] < FORCED_APART:
            raise ApiError(45011)
        self._forced[appid] = [*today, now]

    def _save(self, token: Token, **changes: object) -> None:
        for name, value in changes.items():
            setattr(token, name, value)
        self._store.put("token", token.appid, token.value, vars(token))

    def _forget(self, token: Token) -> None:
        del self._tokens[token.value]
        self._by_appid[token.appid].remove(token)
        self._store.remove("token", token.appid, token.value)
