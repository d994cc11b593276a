"""Whether something has begun that people would notice: told apart from failures after which nothing has happened.

Whoever carries a push out watches; whoever is about to change something that cannot be taken back says so first, and
is held back where it is not this process's turn any more.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

VOUCHERS = "vouchers"
PEOPLE = "people"


@dataclass
class Begun:
    """``what`` has begun (:data:`VOUCHERS`, :data:`PEOPLE`), or ``""``: nothing so far.

    ``note`` writes that down for other processes before anything happens; raising, it keeps it from happening.
    """

    what: str = ""
    note: Callable[[str], Awaitable[None]] | None = field(default=None, repr=False)


_watched: ContextVar[Begun | None] = ContextVar("begun", default=None)


def watch(begun: Begun) -> None:
    """Let ``begun`` hear of what is begun in this task and in those it starts."""
    _watched.set(begun)


@asynccontextmanager
async def undertaking(what: str, *undone_by: type[Exception]) -> AsyncIterator[None]:
    """``what`` begins here; an exception of ``undone_by`` says that it certainly did not happen.

    Raises :exc:`bot.errors.StoreUnavailable` where it could not be noted, or another process has taken over.
    """
    begun = _watched.get()
    if begun is None:
        yield
        return
    if begun.note is not None:
        await begun.note(what)
    before, begun.what = begun.what, what
    try:
        yield
    except undone_by:
        begun.what = before
        raise
