"""What the inbox knows about a push: a copy as it arrived, what became of its claim, what is left to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.store import keys


class Claim(StrEnum):
    """What became of a copy of a push."""

    NEW = "new"
    RUNNING = "running"
    DONE = "done"
    FORGED = "forged"
    """A second body under a seen signature."""
    STALE = "stale"
    """Too old to be new, and known already."""


class Finish(StrEnum):
    """What became of an answer."""

    STORED = "stored"
    LOST = "lost"
    """The claim is somebody else's by now, who has an answer of their own."""
    PROMISED = "promised"
    """Lost, and they deliver it."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a push as it arrived: what names it and what came with it."""

    appid: str
    openid: str
    identity: str
    signature: str
    body: bytes
    keep: float
    """Seconds its identity is remembered."""
    signature_keep: float
    """Seconds its signature is remembered: as long as its timestamp could pass."""
    stale: bool = False
    counted: bool = False
    message: str = field(default="", repr=False)
    """The push itself, sealed: whoever takes the work over reads what is to be done."""
    what: str = ""
    """The command or the type of the push, for people who look at records."""
    queued: bool = False
    """Done after what the same person sent before."""
    ticket: str = ""
    """What its claim will show; "" for a new one."""

    @property
    def push_key(self) -> str:
        """Where its record is."""
        return keys.push(self.appid, self.identity)

    @property
    def line_key(self) -> str:
        """Where the sender's pushes wait for each other."""
        return keys.line(self.appid, self.openid)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The outcome of a claim.

    ``answer`` is there when it is done, ``count`` is the sender's messages this minute, ``kept`` how many notices wait
    for the sender, ``copies`` how many copies came so far, this one included. ``begun``: taken over from a process that
    died after it had begun this. ``behind``: how many of the sender's pushes come first. ``promised``: the answer goes
    another way than with a copy.
    """

    claim: Claim
    answer: Any
    people_version: int
    count: int
    kept: int
    copies: int
    begun: str
    ticket: str
    """What whoever holds the claim shows with everything it does."""
    behind: int = 0
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """Nothing is left to do for a push."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody works on it, or a copy of it may still come; look again ``at`` (seconds since 1970)."""

    at: float


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The ``answer`` that ``openid`` has not got for all we know. Not ``promised``: a copy may have been given it."""

    answer: Any
    openid: str
    promised: bool


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The sealed ``message`` to be carried on under a claim that is ours now. The way by passive reply is closed."""

    message: str = field(repr=False)
    openid: str
    claimed: Claimed
