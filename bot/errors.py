"""Everything that can go wrong, as types.

::

    VoucherbotError
    ├── SettingsError            a setting or option is wrong; the text is one sentence for an administrator
    ├── StoreUnavailable         Redis is away or too slow
    ├── PushRefused              a push is not to be believed (bot.wechat.signature, envelope, inbound)
    ├── NotUnderstood            authentic, but nothing we can read
    ├── NotServed                an account that is not, or no more, served here
    ├── PictureNotDrawn          a picture could not be drawn
    ├── Explained                the sender is told why: renders through ``errors.txt.j2``
    │   ├── BadArgument          one argument of a command is wrong
    │   ├── NotAllowed           the sender's role does not reach
    │   └── (others)             voucher not found, several fit, … defined where they are raised
    └── WeChatError              a call to WeChat's API failed; renders through ``errors.txt.j2`` too
        ├── WeChatRefused        WeChat answered an errcode
        │   ├── WeChatBusy       -1, -1000: the same call may succeed in a moment
        │   ├── TooFast          45011: too many calls this minute
        │   ├── QuotaUsedUp      45009, 45040: none left today, or this month
        │   └── AccountFault     an administrator of the account has to act: appid, secret, whitelist, rights
        ├── WeChatUnreachable    no connection: the call certainly did not happen
        ├── OutcomeUnknown       sent, no answer: the call may have happened
        │   └── AnswerUnreadable an answer came, but an HTTP error or not what the protocol says
        └── TokenRejected        the access token was refused and a fresh one too
            └── TokenBudgetSpent no further token may be fetched today
"""

from __future__ import annotations

from typing import Any

_QUOTED = 60
"""Characters of the sender's words that a reply repeats."""


class VoucherbotError(Exception):
    """The root of our own exceptions."""


class SettingsError(VoucherbotError):
    """One sentence: what was found, what is expected, where."""


class StoreUnavailable(VoucherbotError):
    """Redis did not answer in time, or at all."""


class PushRefused(VoucherbotError):
    """A push that must not be believed. ``reason`` is a short word for logs and counters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotUnderstood(VoucherbotError):
    """An authentic push whose content cannot be read. ``reason`` as in :class:`PushRefused`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotServed(VoucherbotError, KeyError):
    """No account of that appid is served: it never was, is paused, or has taken its authorisation back."""


class PictureNotDrawn(VoucherbotError):
    """The process that draws pictures failed, or took too long. The text quotes nothing of the picture."""


def _quotable(value: Any) -> Any:
    return f"{value[:_QUOTED]}…" if isinstance(value, str) and len(value) > _QUOTED else value


class Explained(VoucherbotError):
    """A fault the sender reads about.

    ``template`` is a macro of ``errors.txt.j2`` (or ``"file.macro"``), ``values`` are its arguments; of long ``found``
    or ``words`` the beginning, as much as shows the sender what is meant.
    """

    def __init__(self, template: str, **values: Any) -> None:
        super().__init__(template)
        self.template = template if "." in template else f"errors.{template}"
        self.values = values | {name: _quotable(values[name]) for name in ("found", "words") if name in values}


class BadArgument(Explained):
    """``argument`` is the macro-independent name, ``found`` the sender's words, ``example`` one to copy."""


class NotAllowed(Explained):
    """The command exists, but not for this sender; told without naming it."""


class WeChatError(VoucherbotError):
    """A call to WeChat's API failed. ``path`` is the API's path, never the address with its token."""

    def __init__(self, path: str, detail: str = "") -> None:
        super().__init__(f"{path}: {detail}" if detail else path)
        self.path = path


class WeChatRefused(WeChatError):
    """WeChat answered with an errcode. ``errmsg`` is English and for logs only."""

    def __init__(self, path: str, errcode: int, errmsg: str = "") -> None:
        super().__init__(path, f"errcode {errcode}")
        self.errcode = errcode
        self.errmsg = errmsg


class WeChatBusy(WeChatRefused):
    """WeChat was busy (-1, -1000) for longer than the client's patience, or the call may not be repeated."""


class TooFast(WeChatRefused):
    """Too many calls of this kind within a minute (45011); the next minute allows them again."""


class QuotaUsedUp(WeChatRefused):
    """The allowance of this call is used up: for the day (45009) or the month (45040)."""


class AccountFault(WeChatRefused):
    """Something about the account itself is wrong and no repeating helps: an administrator has to act."""


class WeChatUnreachable(WeChatError):
    """The connection never stood: whatever was asked did not happen."""


class OutcomeUnknown(WeChatError):
    """The request went out and no answer came back: it may or may not have happened."""


class AnswerUnreadable(OutcomeUnknown):
    """An answer came that is not of the protocol; ``status`` is its HTTP status. What was asked may have happened."""

    def __init__(self, path: str, status: int, detail: str) -> None:
        super().__init__(path, f"HTTP {status}, {detail}")
        self.status = status


class TokenRejected(WeChatError):
    """WeChat refuses the access token and refused a fresh one as well."""


class TokenBudgetSpent(TokenRejected):
    """The day's budget of token fetches is spent: something keeps losing or spoiling the token."""
