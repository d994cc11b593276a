"""Who is whose friend (and sees their Friend's Vouchers), and who may claim vouchers before they are approved."""

from __future__ import annotations

from bot.simulator.persistence import Store

MOST_TESTERS = 10


class Circles:
    """Friendships and lists of testers by account."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._friends: dict[tuple[str, str], list[str]] = {
            (appid, openid): value for appid, openid, value in store.all("friends")
        }
        self._testers: dict[str, list[str]] = {appid: value for appid, _, value in store.all("testers")}

    def befriend(self, appid: str, one: str, other: str) -> None:
        """Make two persons each other's friends."""
        for person, friend in ((one, other), (other, one)):
            friends = self._friends.setdefault((appid, person), [])
            if friend not in friends and friend != person:
                friends.append(friend)
            self._store.put("friends", appid, person, friends)

    def friends(self, appid: str, openid: str) -> list[str]:
        """A person's friends."""
        return list(self._friends.get((appid, openid), ()))

    def testers(self, appid: str) -> list[str]:
        """Openids on the account's test whitelist."""
        return list(self._testers.get(appid, ()))

    def set_testers(self, appid: str, openids: list[str]) -> None:
        """The whole list anew, as card/testwhitelist/set does."""
        self._testers[appid] = list(openids)
        self._store.put("testers", appid, "", self._testers[appid])
