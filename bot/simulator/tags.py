"""Tags of an account's followers (messaging.md A7.3)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from bot.simulator.errors import ApiError
from bot.simulator.persistence import Store
from bot.simulator.stream import Stream

MOST_TAGS, MOST_OF_ONE, NAME_BYTES = 100, 20, 30
FIRST_ID = 100
"""Ids below are WeChat's own (0 ungrouped, 1 blacklist, 2 starred)."""


@dataclass
class Tag:
    """A tag with the openids that have it, in the order they were given it."""

    id: int
    name: str
    openids: list[str] = field(default_factory=list)


class TagBook:
    """Tags by account."""

    def __init__(self, store: Store, stream: Stream) -> None:
        self._store, self._stream = store, stream
        self._tags: dict[tuple[str, int], Tag] = {
            (appid, int(key)): Tag(**value) for appid, key, value in store.all("tag")
        }

    def of(self, appid: str) -> list[Tag]:
        """The account's tags, by id."""
        return sorted((tag for (owner, _), tag in self._tags.items() if owner == appid), key=lambda tag: tag.id)

    def find(self, appid: str, number: int) -> Tag | None:
        """The tag, None where there is none."""
        return self._tags.get((appid, number))

    def get(self, appid: str, number: object) -> Tag:
        """The tag. Raises 45159, 45058 (one of WeChat's own)."""
        if type(number) is not int:
            raise ApiError(45159)
        if number in {0, 1, 2}:
            raise ApiError(45058)
        tag = self.find(appid, number)
        if tag is None:
            raise ApiError(45159)
        return tag

    def create(self, appid: str, name: object) -> Tag:
        """A new tag. Raises 45157, 45158, 45056."""
        checked = self._name(appid, name)
        if len(self.of(appid)) >= MOST_TAGS:
            raise ApiError(45056)
        tag = Tag(max((tag.id for tag in self.of(appid)), default=FIRST_ID - 1) + 1, checked)
        self._save(appid, tag)
        return tag

    def rename(self, appid: str, number: object, name: object) -> None:
        """Another name. Raises as the others do."""
        tag = self.get(appid, number)
        tag.name = self._name(appid, name)
        self._save(appid, tag)

    def delete(self, appid: str, number: object) -> None:
        """Delete a tag."""
        tag = self.get(appid, number)
        del self._tags[appid, tag.id]
        self._store.remove("tag", appid, str(tag.id))
        self._stream.publish("menu", appid=appid)

    def put_on(self, appid: str, tag: Tag, openids: list[str]) -> None:
        """Give persons a tag. Raises 45059 when one of them has twenty."""
        if any(len(self.worn(appid, openid)) >= MOST_OF_ONE for openid in openids if openid not in tag.openids):
            raise ApiError(45059)
        tag.openids += [openid for openid in dict.fromkeys(openids) if openid not in tag.openids]
        self._save(appid, tag)

    def take_off(self, appid: str, tag: Tag, openids: list[str]) -> None:
        """Take a tag from persons."""
        tag.openids = [openid for openid in tag.openids if openid not in openids]
        self._save(appid, tag)

    def worn(self, appid: str, openid: str) -> list[int]:
        """The ids of a person's tags."""
        return [tag.id for tag in self.of(appid) if openid in tag.openids]

    def _name(self, appid: str, name: object) -> str:
        if not isinstance(name, str) or not name.strip() or any(tag.name == name for tag in self.of(appid)):
            raise ApiError(45157)
        if len(name.encode()) > NAME_BYTES:
            raise ApiError(45158)
        return name

    def _save(self, appid: str, tag: Tag) -> None:
        self._tags[appid, tag.id] = tag
        self._store.put("tag", appid, str(tag.id), asdict(tag))
        self._stream.publish("menu", appid=appid)  # whoever wears it may see another menu
