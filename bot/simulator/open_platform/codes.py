"""Pre-auth codes and authorisation codes: each of them is good once, for some minutes."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass
from itertools import takewhile

from bot.simulator.errors import ApiError
from bot.simulator.open_platform.model import CODE_LIFETIME
from bot.simulator.persistence import Store

KEPT = 24 * 3600
"""Seconds an authorisation code is remembered as used or expired."""


@dataclass
class AuthCode:
    """One code; a pre-auth code has no appid."""

    value: str
    expires_at: float
    appid: str = ""
    used: bool = False


class CodeBook:
    """Both kinds, by value."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._codes = {key: AuthCode(**value) for _, key, value in store.all("auth_code")}

    def pre_auth(self, seconds: int) -> AuthCode:
        """A new pre-auth code."""
        return self._keep(AuthCode(f"preauthcode@@@{secrets.token_urlsafe(60)}", time.time() + seconds))

    def authorisation(self, appid: str) -> AuthCode:
        """A new authorisation code of an account."""
        return self._keep(AuthCode(f"queryauthcode@@@{secrets.token_urlsafe(60)}", time.time() + CODE_LIFETIME, appid))

    def pre_auth_of(self, value: str) -> AuthCode:
        """A pre-auth code that may be used now. Raises :exc:`LookupError` with the reason."""
        code = self._codes.get(value)
        if code is None or code.appid:
            raise LookupError("pre_auth_code is invalid")
        if code.used or code.expires_at <= time.time():
            raise LookupError("pre_auth_code has been used" if code.used else "pre_auth_code has expired")
        return code

    def spend(self, code: AuthCode) -> None:
        """Use one up."""
        code.used = True
        self._keep(code)

    def exchange(self, value: object) -> AuthCode:
        """Use an authorisation code up. Raises 61009 (none), 61010 (over, or exchanged before)."""
        code = self._codes.get(value) if isinstance(value, str) else None
        if code is None or not code.appid:
            raise ApiError(61009)
        if code.used or code.expires_at <= time.time():
            raise ApiError(61010)
        self.spend(code)
        return code

    def _keep(self, code: AuthCode) -> AuthCode:
        over = time.time() - KEPT
        for old in list(takewhile(lambda one: one.expires_at < over, self._codes.values())):
            del self._codes[old.value]
            self._store.remove("auth_code", old.appid, old.value)
        self._codes[code.value] = code
        self._store.put("auth_code", code.appid, code.value, asdict(code))
        return code
