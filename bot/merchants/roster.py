"""Everybody of one account at one moment, and the rules by which it may change. Nothing here touches Redis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.errors import Explained, NotAllowed
from bot.merchants import alerts as alert_kinds
from bot.merchants.names import NameTaken, checked_name
from bot.merchants.roles import Role, plain

SHELL = "shell"
"""Who acts where nobody texts: the command line of whoever runs the program."""


class PersonNotFound(Explained):
    """Nobody is called so. ``nearest`` is a name that looks like it; ``found`` is None for somebody who just left."""

    def __init__(self, found: str | None, nearest: str | None) -> None:
        super().__init__("person_not_found", found=found, nearest=nearest)


class AlreadyOperator(Explained):
    """The person is an operator already."""

    def __init__(self, operator: Operator) -> None:
        super().__init__("already_operator", name=operator.name, role=operator.role)


class LastOwner(Explained):
    """Without an owner nobody could invite any more."""

    def __init__(self, name: str) -> None:
        super().__init__("last_owner", name=name)


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who may command an account. ``language`` "" is the account's own; ``since`` is seconds since 1970.

    ``openid`` is what tells them from everybody else of the shop: see :mod:`bot.merchants.persons`.
    ``suspended_at`` is when they stopped following the account, ``back_at`` when they were seen to follow again, or
    given a role again (both 0: never); see :mod:`bot.merchants.following`. ``till`` is where they stand, as they call
    it. ``second`` is who said yes along with them, where two had to; it is not stored.
    """

    openid: str
    name: str
    role: Role
    language: str = ""
    alerts: Mapping[str, bool] = field(default_factory=dict, hash=False)
    since: float = 0.0
    suspended_at: float = 0.0
    back_at: float = 0.0
    till: str = ""
    second: Operator | None = field(default=None, compare=False, repr=False)

    @property
    def suspended(self) -> bool:
        """Whether they follow the account no more, so that their role rests."""
        return self.suspended_at > self.back_at

    def wants(self, kind: str) -> bool:
        """Whether notices of ``kind`` (of :data:`bot.merchants.alerts.KINDS`) come to this person.

        By their own choice, else by role; never of what the role may not see, never while suspended.
        """
        return not self.suspended and alert_kinds.reaches(kind, self.role, self.alerts.get(kind))

    def as_json(self) -> dict[str, Any]:
        """The value stored under the openid."""
        return {
            "name": self.name,
            "role": self.role.word,
            "language": self.language,
            "alerts": dict(self.alerts),
            "since": self.since,
            "suspended_at": self.suspended_at,
            "back_at": self.back_at,
            "till": self.till,
        }

    @classmethod
    def from_json(cls, openid: str, value: Mapping[str, Any]) -> Operator:
        """The person stored as ``value`` under ``openid``."""
        return cls(
            openid=openid,
            name=value["name"],
            role=Role[value["role"].upper()],
            language=value.get("language", ""),
            alerts=value.get("alerts", {}),
            since=value.get("since", 0.0),
            suspended_at=value.get("suspended_at", 0.0),
            back_at=value.get("back_at", 0.0),
            till=value.get("till", ""),
        )


@dataclass(frozen=True, slots=True)
class Roster:
    """The operators by openid, oldest first, as they were at ``version``.

    ``elsewhere``: by openid, which other shops people who text this account may serve; ``chosen``: who of them chose
    for which one they speak, as they had when the roster was read.
    """

    version: int = -1
    people: Mapping[str, Operator] = field(default_factory=dict)
    elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        version: int,
        operators: list[Operator],
        elsewhere: Mapping[str, tuple[str, ...]] | None = None,
        chosen: Iterable[str] = (),
    ) -> Roster:
        """A roster in the order ``#n`` counts in: since when, then name."""
        ordered = sorted(operators, key=lambda operator: (operator.since, operator.name))
        people = {operator.openid: operator for operator in ordered}
        return cls(version, people, elsewhere or {}, frozenset(chosen))

    def after(self, operator: Operator, version: int, *, removed: bool = False) -> Roster:
        """The roster once ``operator`` was stored, or ``removed``, which made it ``version``."""
        others = [other for other in self.people.values() if other.openid != operator.openid]
        return Roster.of(version, others if removed else [*others, operator], self.elsewhere, self.chosen)

    def present(self, openid: str) -> Operator:
        """The person with ``openid``; raises :exc:`PersonNotFound` for somebody who just left."""
        if operator := self.people.get(openid):
            return operator
        raise PersonNotFound(None, None)

    def find(self, words: str) -> Operator:
        """The person called ``words`` (a name, or ``#n``); raises :exc:`PersonNotFound`."""
        wanted = plain(words)
        operators = list(self.people.values())
        if wanted.startswith("#"):
            number = wanted[1:].strip()
            if number.isdecimal() and 1 <= int(number) <= len(operators):
                return operators[int(number) - 1]
            raise PersonNotFound(words, None)
        for operator in operators:
            if plain(operator.name) == wanted:
                return operator
        raise PersonNotFound(words, self._nearest(wanted))

    def _nearest(self, wanted: str) -> str | None:
        names = {operator.name: plain(operator.name) for operator in self.people.values()}
        best = process.extractOne(wanted, names, scorer=OSA.normalized_similarity, score_cutoff=0.4)
        return None if best is None else str(best[2])

    def owners(self) -> list[Operator]:
        """The owners who may command; where all are suspended, the one who left last, so that somebody can."""
        owners = [operator for operator in self.people.values() if operator.role is Role.OWNER]
        standing = [owner for owner in owners if not owner.suspended]
        return standing or sorted(owners, key=lambda owner: owner.suspended_at)[-1:]

    def may_command(self, operator: Operator) -> bool:
        """Whether the role of ``operator`` counts at this moment."""
        return not operator.suspended or operator in self.owners()

    def may_invite(self, by: str) -> bool:
        """Whether ``by`` is an owner at this moment, or the shell."""
        return by == SHELL or any(owner.openid == by for owner in self.owners())

    def demand_owner(self, by: str) -> None:
        """Raise :exc:`bot.errors.NotAllowed` unless ``by`` is an owner at this moment, or the shell."""
        if not self.may_invite(by):
            raise NotAllowed("not_owner")

    def with_new(self, operator: Operator) -> Operator:
        """``operator`` with its name tidied, once it may be added."""
        if present := self.people.get(operator.openid):
            raise AlreadyOperator(present)
        return replace(operator, name=self.free_name(operator.name))

    def free_name(self, name: str, owner: str = "") -> str:
        """``name`` tidied; raises :exc:`BadName`, or :exc:`NameTaken` when another than ``owner`` bears it."""
        tidy = checked_name(name)
        taken = {plain(other.name) for other in self.people.values() if other.openid != owner}
        if plain(tidy) in taken:
            raise NameTaken(tidy)
        return tidy

    def demand_another_owner(self, operator: Operator) -> None:
        """Raise :exc:`LastOwner` when ``operator`` is the only owner who may command."""
        if [owner.openid for owner in self.owners()] == [operator.openid]:
            raise LastOwner(operator.name)

    def numbered_name(self, name: str) -> str:
        """``name``, or the first of ``name2``, ``name3`` … that nobody bears."""
        taken = {plain(other.name) for other in self.people.values()}
        candidates = [name, *(f"{name}{number}" for number in range(2, len(taken) + 2))]
        return next(candidate for candidate in candidates if plain(candidate) not in taken)


def changed(
    roster: Roster,
    openid: str,
    *,
    by: str,
    role: Role | None = None,
    name: str | None = None,
    language: str | None = None,
    alerts: Mapping[str, bool] | None = None,
    till: str | None = None,
) -> Operator:
    """The operator ``openid`` as ``by`` wants it; everybody may choose their own language, alerts and till.

    Giving a role ends a suspension.
    Raises :exc:`PersonNotFound`, :exc:`LastOwner`, :exc:`NameTaken`, :exc:`BadName`, :exc:`bot.errors.NotAllowed`.
    """
    operator = roster.present(openid)
    if by != openid or role is not None or name is not None:
        roster.demand_owner(by)
    if role is not None and role < Role.OWNER:
        roster.demand_another_owner(operator)
    return replace(
        operator,
        role=operator.role if role is None else role,
        name=operator.name if name is None else roster.free_name(name, owner=openid),
        language=operator.language if language is None else language,
        alerts={**operator.alerts, **(alerts or {})},
        till=operator.till if till is None else till,
        back_at=operator.back_at if role is None else max(operator.back_at, operator.suspended_at),
    )


def removed(roster: Roster, openid: str, *, by: str) -> Operator:
    """The operator ``openid`` whom ``by`` may remove; everybody may leave.

    Raises :exc:`PersonNotFound`, :exc:`LastOwner`, :exc:`bot.errors.NotAllowed`.
    """
    operator = roster.present(openid)
    if by != openid:
        roster.demand_owner(by)
    roster.demand_another_owner(operator)
    return operator
