"""The change log: who asked WeChat for which change, when, and what came of it.

Every change is two entries under one number: one before WeChat is called, one after. A first entry without a second
is a call whose end nobody saw. Entries are chained by hash (:mod:`bot.store.chain`).
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from bot import clock
from bot.errors import OutcomeUnknown, StoreUnavailable, WeChatError, WeChatRefused
from bot.store import Store, record_keys
from bot.store.chain import Chain
from bot.vouchers.changes import Change
from bot.vouchers.fields import BY_NAME
from bot.wechat.account import Account

LOOKED_BACK = 2000
"""Entries: a busy till makes hundreds a day, and what a process died at is carried on within one."""
SEARCHED = 20_000
_AT_ONCE = 1000


class What(StrEnum):
    """What was to be changed."""

    UPDATE = "update"
    STOCK = "stock"
    REDEEM = "redeem"
    VOID = "void"
    CREATE = "create"
    DELETE = "delete"
    TOP_UP = "topup"
    OPEN_CREDIT = "credit"
    SUBMERCHANT = "submerchant"


class Ending(StrEnum):
    """What came of a change, as far as it is on record."""

    DONE = "done"
    REVIEWED = "reviewed"  # accepted, and under review since
    UNCHECKED = "unchecked"  # accepted, but card/get did not show it then
    IN_DOUBT = "in_doubt"  # WeChat did not answer, and nothing showed that it happened
    UNSEEN = "unseen"  # nobody noted the end: the process died, or it still runs
    REFUSED = "refused"  # WeChat answered an errcode
    IMPOSSIBLE = "impossible"  # a code's state forbade it by then
    NOT_SENT = "not_sent"


_ENDINGS = {
    "applied": Ending.DONE,
    "done": Ending.DONE,
    "not_visible": Ending.UNCHECKED,
    "unchecked": Ending.UNCHECKED,
    "in_doubt": Ending.IN_DOUBT,
    "refused": Ending.REFUSED,
    "impossible": Ending.IMPOSSIBLE,
}
UNCERTAIN = frozenset({Ending.IN_DOUBT, Ending.UNSEEN})
MAY_HAVE_HAPPENED = frozenset({Ending.DONE, Ending.REVIEWED, Ending.UNCHECKED}) | UNCERTAIN


class Person(Protocol):
    """An operator, as far as records mind."""

    @property
    def openid(self) -> str:
        """Who."""

    @property
    def name(self) -> str:
        """What colleagues call them."""


class Author(Person, Protocol):
    """Who asks for a change."""

    @property
    def second(self) -> Person | None:
        """Who said yes along with them, where two had to."""

    @property
    def till(self) -> str:
        """Where they stand, "" where they have not said."""


class Subject(Protocol):
    """A voucher, as far as records mind."""

    @property
    def card_id(self) -> str:
        """Which."""

    @property
    def title(self) -> str:
        """What it is called."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that was about to be asked for ``at`` that time (seconds since 1970), and what came of it, if noted.

    ``second`` is who said yes along with ``name``, where two had to. ``changes`` are fields' old and new values,
    ``details`` whatever else the kind of change has.
    """

    number: int
    at: float
    what: str
    openid: str
    name: str
    card_id: str
    title: str
    second: str = ""
    changes: list[dict[str, Any]] = field(default_factory=list)
    details: Mapping[str, Any] = field(default_factory=dict)
    end: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, entry: Mapping[str, Any], end: Mapping[str, Any] | None) -> Asked:
        """Read an entry; those from before there were other kinds are updates.

        Only the end knows the id and the title of what was created.
        """
        known = {"number", "event", "at", "what", "openid", "name", "card_id", "title", "second", "changes"}
        return cls(
            entry["number"], entry["at"], entry.get("what", What.UPDATE), entry["openid"], entry["name"],
            entry.get("card_id") or (end or {}).get("card_id", ""), (end or {}).get("title") or entry.get("title", ""),
            entry.get("second", {}).get("name", ""),
            entry.get("changes", []),
            {name: value for name, value in entry.items() if name not in known | {"id", "before", "head"}}, end,
        )  # fmt: skip

    @property
    def ending(self) -> Ending:
        """What came of it."""
        if self.end is None:
            return Ending.UNSEEN
        found = _ENDINGS.get(str(self.end["event"]), Ending.NOT_SENT)
        return Ending.REVIEWED if found is Ending.DONE and self.end.get("review") else found

    @property
    def errcode(self) -> int:
        """With which errcode WeChat refused it, 0 where it did not."""
        return int((self.end or {}).get("errcode") or 0)

    def differences(self) -> list[Change]:
        """The fields' old and new values; fields there are no more are left out."""
        return [Change.from_json(change) for change in self.changes if change["field"] in BY_NAME]


class Records:
    """The changes of one account, in Redis, only ever appended to."""

    def __init__(self, account: Account, store: Store) -> None:
        self.chain = Chain(store, record_keys.change_records(account.appid), record_keys.change_head(account.appid))

    async def begin(
        self, voucher: Subject | None, changes: Iterable[Change], by: Author, what: What = What.UPDATE, **details: Any
    ) -> int:
        """Note what is about to be asked; the number it goes by from now on, consecutive within the account."""
        return await self.chain.append({
            "event": "asked",
            "at": clock.now(),
            "what": what,
            "openid": by.openid,
            "name": by.name,
            **({"second": {"openid": by.second.openid, "name": by.second.name}} if by.second else {}),
            "card_id": voucher.card_id if voucher else "",
            "title": voucher.title if voucher else "",
            **details,
            "changes": [change.to_json() for change in changes],
        })  # fmt: skip

    async def end(self, number: int, event: str, **details: Any) -> None:
        """Note what came of change ``number``."""
        await self.chain.append({"event": event, "at": clock.now(), **details}, number)

    async def ended(self, number: int, event: str, **details: Any) -> None:
        """As :meth:`end`, where WeChat has been asked: what came of it must be told even if it cannot be recorded."""
        with contextlib.suppress(StoreUnavailable):
            await self.end(number, event, **details)

    @contextlib.asynccontextmanager
    async def during(self, voucher: Subject | None, by: Author, what: What, **details: Any) -> AsyncIterator[None]:
        """Note that WeChat is asked in here, and what came of it; what is raised goes on."""
        number = await self.begin(voucher, (), by, what, **details)
        try:
            yield
        except WeChatRefused as refusal:
            await self.ended(number, "refused", errcode=refusal.errcode)
            raise
        except OutcomeUnknown:
            await self.ended(number, "in_doubt")
            raise
        except WeChatError:
            await self.ended(number, "not_sent")
            raise
        await self.ended(number, "done")

    async def last_asked(self, by: Author, what: What = What.UPDATE, **same: Any) -> Asked | None:
        """The last change of this kind ``by`` asked for, with these details, among the newest entries."""
        for asked in _joined(await self.chain.newest(LOOKED_BACK), {}):
            if (asked.what, asked.openid) == (what, by.openid) and same.items() <= _facts(asked).items():
                return asked
        return None

    async def newest(
        self, count: int, *, card_id: str = "", openid: str = "", whats: Collection[What] = (), within: int = SEARCHED
    ) -> list[Asked]:
        """The last ``count`` changes, newest first: of a voucher, a person, these kinds, among the newest lines."""
        found, ends, read = list[Asked](), dict[int, Mapping[str, Any]](), 0
        while len(found) < count and read < within and (page := await self.chain.newest(_AT_ONCE, read)):
            read += len(page)
            joined = _joined(page, ends)
            own = [asked for asked in joined if card_id in ("", asked.card_id) and openid in ("", asked.openid)]
            found += [asked for asked in own if not whats or asked.what in whats]
        return found[:count]


def _facts(asked: Asked) -> dict[str, Any]:
    return {"card_id": asked.card_id, **asked.details}


_OF_ALL = frozenset({"number", "event", "at"})
_OF_ASKED = frozenset({"openid", "name"})


def _joined(page: Iterable[Mapping[str, Any]], ends: dict[int, Mapping[str, Any]]) -> list[Asked]:
    """The changes of a page, newest first, each with what came of it last; ``ends`` holds those of newer pages.

    What is no entry of ours is for verify to find.
    """
    ours = [entry for entry in page if entry.keys() >= _OF_ALL and type(entry["number"]) is int]
    for entry in reversed(ours):
        if entry["event"] != "asked":
            ends.setdefault(entry["number"], entry)
    begun = [entry for entry in reversed(ours) if entry["event"] == "asked" and entry.keys() >= _OF_ASKED]
    return [Asked.of(entry, ends.get(entry["number"])) for entry in begun]
