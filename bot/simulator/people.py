"""Persons, whether they follow, their chats, and until when and how often the account may write to them.

Windows and allowances: customer-service message page, table of user actions. Passive replies do not count.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.simulator.errors import ApiError
from bot.simulator.model import Bubble, Person
from bot.simulator.persistence import Store
from bot.simulator.stream import Stream


@dataclass(frozen=True)
class Grant:
    """What one kind of user action allows: so many messages for so many seconds."""

    messages: int
    seconds: int


GRANTS: dict[str, Grant] = {
    "message": Grant(5, 48 * 3600),
    "menu": Grant(3, 60),
    "follow": Grant(3, 60),
    "scan": Grant(3, 60),
}


class People:
    """Everybody the shops know, by (appid, openid)."""

    def __init__(self, store: Store, stream: Stream) -> None:
        self._store, self._stream = store, stream
        self._persons: dict[str, dict[str, Person]] = {}
        self._follows = {(appid, openid): bool(value) for appid, openid, value in store.all("follows")}
        self._grants: dict[tuple[str, str], dict[str, list[float]]] = {
            (appid, openid): value for appid, openid, value in store.all("grants")
        }
        self._chats: dict[tuple[str, str], list[Bubble]] = {}
        for appid, _, value in store.all("bubble"):
            bubble = Bubble(**value["bubble"] | {"items": tuple(value["bubble"]["items"])})
            self._chats.setdefault((appid, value["openid"]), []).append(bubble)

    def add(self, appid: str, person: Person) -> None:
        """Know a person; whether they follow is kept from an earlier run."""
        self._persons.setdefault(appid, {})[person.openid] = person
        self._follows.setdefault((appid, person.openid), person.follows)

    def get(self, appid: str, openid: str) -> Person:
        """The person. Raises :exc:`LookupError`."""
        try:
            return self._persons[appid][openid]
        except KeyError:
            raise LookupError(f"nobody with openid {openid} at {appid}: add_person first") from None

    def knows(self, appid: str, openid: str) -> bool:
        """Whether the openid is one of this account's."""
        return openid in self._persons.get(appid, {})

    def of(self, appid: str) -> Iterator[Person]:
        """The persons of a shop, in the order they were added."""
        return iter(self._persons.get(appid, {}).values())

    def follows(self, appid: str, openid: str) -> bool:
        """Whether the person follows the account now."""
        return self._follows.get((appid, openid), False)

    def set_follows(self, appid: str, openid: str, follows: bool) -> None:
        """Follow or unfollow; who leaves takes the windows along."""
        self._follows[appid, openid] = follows
        self._store.put("follows", appid, openid, follows)
        if not follows:
            self._grants.pop((appid, openid), None)
            self._store.remove("grants", appid, openid)
        self._stream.publish("person", appid=appid, openid=openid, follows=follows)

    # windows ------------------------------------------------------------------------------------------------

    def acted(self, appid: str, openid: str, action: str) -> None:
        """Open (or, when open, fill up again) the window of an action.

        Whether a further message adds to the allowance or resets it is not confirmed; it behaves as a reset.
        """
        grant = GRANTS[action]
        grants = self._grants.setdefault((appid, openid), {})
        grants[action] = [grant.messages, time.time() + grant.seconds]
        self._store.put("grants", appid, openid, grants)

    def _open(self, appid: str, openid: str) -> list[list[float]]:
        now = time.time()
        live = [grant for grant in self._grants.get((appid, openid), {}).values() if grant[1] > now]
        return sorted(live, key=lambda grant: grant[1])

    def window(self, appid: str, openid: str) -> tuple[int, float]:
        """(messages left, until when any may be sent); (0, 0.0) when every window is shut."""
        live = self._open(appid, openid)
        return int(sum(grant[0] for grant in live)), max((grant[1] for grant in live), default=0.0)

    def spend(self, appid: str, openid: str) -> None:
        """Use one message of the window that shuts first. Raises 45015 (no window) or 45047 (used up)."""
        live = self._open(appid, openid)
        if not live or not self.follows(appid, openid):
            raise ApiError(45015)
        grant = next((grant for grant in live if grant[0] > 0), None)
        if grant is None:
            raise ApiError(45047)
        grant[0] -= 1
        self._store.put("grants", appid, openid, self._grants[appid, openid])

    # chats --------------------------------------------------------------------------------------------------

    def chat(self, appid: str, openid: str) -> list[Bubble]:
        """What the chat shows, oldest first."""
        return list(self._chats.get((appid, openid), ()))

    def shows_picture(self, address: str) -> bool:
        """Whether an article in some chat has its picture at ``address``."""
        everything = (bubble for chat in self._chats.values() for bubble in chat)
        return any(item.get("picture") == address for bubble in everything for item in bubble.items)

    def show(self, appid: str, openid: str, bubble: Bubble) -> None:
        """Add a bubble to a chat."""
        self._chats.setdefault((appid, openid), []).append(bubble)
        value = bubble_json(bubble)
        self._store.append("bubble", appid, {"openid": openid, "bubble": value})
        self._stream.publish("bubble", appid=appid, openid=openid, bubble=value)


def bubble_json(bubble: Bubble) -> Mapping[str, Any]:
    """A bubble for the store, the stream and the control API."""
    return asdict(bubble) | {"items": [dict(item) for item in bubble.items]}
