"""The operators of one account: read from the process's own copy, changed for all processes at once.

Every change is computed on a :class:`~bot.merchants.roster.Roster`, whose rules are pure, and committed only if the
counter still stands where that roster was read; otherwise it is computed anew. So two owners who remove each other
at the same time cannot both succeed, and no rule is written twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import replace

from bot import clock
from bot.begun import PEOPLE, undertaking
from bot.errors import StoreUnavailable
from bot.merchants import elsewhere, following
from bot.merchants.following import Heard
from bot.merchants.invitations import Invitation, InvitationOver, Invitations, Joined
from bot.merchants.names import BadName, NameTaken
from bot.merchants.roles import Role
from bot.merchants.roster import (
    SHELL,
    AlreadyOperator,
    LastOwner,
    Operator,
    PersonNotFound,
    Roster,
    changed,
    removed,
)
from bot.store import Script, Store, keys, shop_keys
from bot.store.keepsakes import Keepsakes
from bot.wechat.account import Account

__all__ = [
    "SHELL",
    "AlreadyOperator",
    "BadName",
    "Joined",
    "LastOwner",
    "NameTaken",
    "Operator",
    "People",
    "PersonNotFound",
    "Role",
]

_COMMIT = Script("""
-- KEYS: people, version, then perhaps an invitation. ARGV: version read, openid, value ('' removes).
-- The same redeemer twice is one whose first answer got lost on the way.
-- Returns the new version, or a negative number: -1 the version moved, -2 the invitation is used up.
if tonumber(redis.call('GET', KEYS[2]) or '0') ~= tonumber(ARGV[1]) then return -1 end
if KEYS[3] then
  if redis.call('EXISTS', KEYS[3]) == 0 or redis.call('HGET', KEYS[3], 'replaced') then return -2 end
  local redeemer = redis.call('HGET', KEYS[3], 'used_by')
  if redeemer and redeemer ~= ARGV[2] then return -2 end
  redis.call('HSET', KEYS[3], 'used_by', ARGV[2])
end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[2]) else redis.call('HSET', KEYS[1], ARGV[2], ARGV[3]) end
return redis.call('INCR', KEYS[2])
""")
_MOVED, _USED_UP = -1, -2

ANYBODY = keys.people
"""The key without which an account has no operators."""


class People:
    """The operators of ``account``. Reading needs no Redis once :meth:`refresh` has run."""

    def __init__(self, store: Store, account: Account, keepsakes: Keepsakes | None = None) -> None:
        self._store = store
        self._account = account
        self._keepsakes = keepsakes
        self._invitations = Invitations(store, account)
        self._roster = Roster()
        self._lock = asyncio.Lock()

    @property
    def version(self) -> int:
        """The counter's value the own copy belongs to; -1 before anything was read."""
        return self._roster.version

    def operator(self, openid: str) -> Operator | None:
        """The operator with ``openid`` whose role counts; None for anybody else, and while it is suspended."""
        operator = self._roster.people.get(openid)
        return operator if operator and self._roster.may_command(operator) else None

    def elsewhere(self, openid: str) -> tuple[str, ...]:
        """The appids of other shops that whoever is ``openid`` at this account may serve; those know better."""
        return self._roster.elsewhere.get(openid, ())

    def has_chosen(self, openid: str) -> bool:
        """Whether whoever is ``openid`` at this account had chosen a shop when they served several."""
        return openid in self._roster.chosen

    def knows(self, openid: str) -> bool:
        """Whether whoever is ``openid`` at this account may be an operator, here or of another shop."""
        return self.operator(openid) is not None or bool(self.elsewhere(openid))

    def all(self) -> list[Operator]:
        """Everybody, also who is suspended, longest here first: the order ``#n`` counts in."""
        return list(self._roster.people.values())

    def find(self, words: str) -> Operator:
        """The person called ``words`` (a name, or ``#n``); raises :exc:`PersonNotFound`."""
        return self._roster.find(words)

    def available_name(self, name: str) -> str:
        """``name`` tidied; raises :exc:`BadName`, or :exc:`NameTaken` when somebody bears it."""
        return self._roster.free_name(name)

    def owners(self) -> list[Operator]:
        """Everybody who is an owner and not suspended; never empty where there is an owner."""
        return self._roster.owners()

    def with_alert(self, kind: str) -> list[Operator]:
        """Everybody whom notices of ``kind`` (a key of :data:`bot.merchants.alerts.KINDS`) reach."""
        return [operator for operator in self.all() if operator.wants(kind)]

    async def refresh(self, version: int | None = None) -> None:
        """Read everybody anew unless the own copy is of ``version`` (an absent counter is 0; None: always read)."""
        if version is not None and version == self.version:
            return
        async with self._lock:
            if version is None or version != self.version:
                self._roster = await self._read()

    async def enter_elsewhere(self) -> None:
        """Enter everybody who texts another account into the index there, which may have been lost."""
        for operator in self.all():
            await elsewhere.enter(self._store, operator.openid, self._account.appid)

    async def add(self, openid: str, role: Role, name: str, *, by: str, language: str = "") -> Operator:
        """Make ``openid`` an operator without invitation.

        Raises :exc:`AlreadyOperator`, :exc:`NameTaken`, :exc:`BadName`; :exc:`bot.errors.NotAllowed` unless ``by`` is
        an owner or :data:`SHELL`.
        """

        def adding(roster: Roster) -> Operator:
            roster.demand_owner(by)
            return roster.with_new(Operator(openid, name, role, language, {}, clock.now()))

        return await self._commit(adding)

    async def change(
        self,
        openid: str,
        *,
        by: str,
        role: Role | None = None,
        name: str | None = None,
        language: str | None = None,
        alerts: dict[str, bool] | None = None,
        till: str | None = None,
    ) -> Operator:
        """Change what is given; ``alerts`` are merged. Everybody may change their own language, alerts and till.

        Raises :exc:`PersonNotFound` (gone meanwhile), :exc:`LastOwner`, :exc:`NameTaken`, :exc:`BadName`,
        :exc:`bot.errors.NotAllowed`.
        """
        return await self._commit(
            lambda roster: changed(
                roster, openid, by=by, role=role, name=name, language=language, alerts=alerts, till=till
            )
        )

    async def remove(self, openid: str, *, by: str) -> Operator:
        """Take everything from ``openid``; returns who that was. Everybody may leave, but for the last owner.

        Raises :exc:`PersonNotFound` (gone meanwhile), :exc:`LastOwner`, :exc:`bot.errors.NotAllowed`.
        """
        return await self._commit(lambda roster: removed(roster, openid, by=by), removes=True)

    async def unfollowed(self, openid: str, at: float) -> Operator | None:
        """``openid`` stopped following the account ``at``: suspended from now on. None where that is no news."""
        return await self._heard(openid, lambda roster, operator: following.left(operator, at))

    async def followed(self, openid: str, at: float) -> Operator | None:
        """``openid`` follows ``at``; the operator, suspended still or no more. None where that is no news."""
        return await self._heard(openid, lambda roster, operator: following.followed(roster, operator, at))

    async def _heard(self, openid: str, hear: Callable[[Roster, Operator], Heard]) -> Operator | None:
        """What ``hear`` makes of an operator, stored; customers, who come and go, cost nothing."""
        if openid not in self._roster.people:
            return None
        news = False

        def hearing(roster: Roster) -> Operator:
            nonlocal news
            heard = hear(roster, roster.present(openid))
            news = heard.news
            return heard.operator

        try:
            operator = await self._commit(hearing)
        except PersonNotFound:  # removed meanwhile
            return None
        return operator if news else None

    async def invite(self, role: Role, name: str, by: str) -> str:
        """A one-time code that makes whoever texts it ``role``; "" leaves the name to the moment of joining.

        Raises :exc:`NameTaken`, :exc:`BadName`, :exc:`bot.errors.NotAllowed` unless ``by`` is an owner or the shell.
        """
        await self.refresh()
        self._roster.demand_owner(by)
        tidy = self._roster.free_name(name) if name else ""
        return await self._invitations.write(role, tidy, by)

    async def invited_to(self, code: str, openid: str) -> str | None:
        """The appid of the shop that ``code`` is of, as ``openid`` texted it to this account; None for a wrong code.

        Also None, as for a wrong one, after too many wrong ones: nobody learns which code was right.
        """
        return None if await self._invitations.limited(openid) else await self._invitations.shop_of(code)

    async def join(self, code: str, openid: str) -> Joined:
        """Redeem ``code`` for ``openid``. Of two people with one code at the same time one joins.

        Raises :exc:`~bot.merchants.invitations.WrongCode`, :exc:`~bot.merchants.invitations.TooManyWrongCodes`,
        :exc:`~bot.merchants.invitations.InvitationOver`, and :exc:`NameTaken` when somebody else bears the name by now.
        """
        invitation = await self._invitations.read(code, openid)
        await self.refresh()
        before = self.operator(openid)
        if before is not None and (invitation.used_by == openid or before.role >= invitation.role):
            return Joined(before, before.role, invitation.role, invitation.by, good=invitation.good)
        invitation.demand_good()

        def joining(roster: Roster) -> Operator:
            if not roster.may_invite(invitation.by):
                raise InvitationOver("withdrawn")
            if present := roster.people.get(openid):
                # A suspended role is no more than the invitation says.
                counts = present.role if roster.may_command(present) else invitation.role
                back_at = max(present.back_at, present.suspended_at)
                return replace(present, role=max(counts, invitation.role), back_at=back_at)
            name = invitation.name or roster.numbered_name(invitation.role.word_in(self._account.language))
            return roster.with_new(Operator(openid, name, invitation.role, "", {}, clock.now()))

        operator = await self._commit(joining, invitation=invitation)
        return Joined(operator, before.role if before else None, invitation.role, invitation.by)

    async def _commit(
        self, compute: Callable[[Roster], Operator], *, removes: bool = False, invitation: Invitation | None = None
    ) -> Operator:
        """Store what ``compute`` makes of the present roster; anew whenever somebody else was faster."""
        touched = [keys.people(self._account.appid), keys.people_version(self._account.appid)]
        touched += [invitation.key] if invitation else []
        async with self._lock:
            while True:
                self._roster = await self._read()
                operator = compute(self._roster)
                if not removes and invitation is None and self._roster.people.get(operator.openid) == operator:
                    return operator
                value = "" if removes else json.dumps(operator.as_json(), ensure_ascii=False)
                if not removes:
                    await elsewhere.enter(self._store, operator.openid, self._account.appid)
                async with undertaking(PEOPLE):
                    outcome = int(await self._store.script(_COMMIT, touched, [self.version, operator.openid, value]))
                left = outcome >= 0 if removes else outcome == _USED_UP and operator.openid not in self._roster.people
                if left:
                    with contextlib.suppress(StoreUnavailable):  # the index may name too many
                        await elsewhere.strike(self._store, operator.openid, self._account.appid)
                if outcome == _USED_UP:
                    raise InvitationOver("used")
                if outcome != _MOVED:
                    self._roster = self._roster.after(operator, outcome, removed=removes)
                    break
        if self._keepsakes is not None:
            await self._keepsakes.changed(self._account.appid)
        return operator

    async def _read(self) -> Roster:
        # The counter is read first: people may then be newer than it says, never older, and the next look at the
        # counter brings them together.
        appid = self._account.appid
        version, people, others, chosen = await self._store.pipeline(
            ("GET", keys.people_version(appid)), ("HGETALL", keys.people(appid)),
            ("HGETALL", keys.elsewhere(appid)), ("HKEYS", shop_keys.chosen(appid)),
        )  # fmt: skip
        operators = [Operator.from_json(openid, json.loads(value)) for openid, value in people.items()]
        return Roster.of(int(version or 0), operators, elsewhere.read(others), chosen)
