"""Receives pushes: repeats join, one execution in all, and every copy gets the one answer in time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Iterator
from dataclasses import replace

from bot.begun import Begun
from bot.clock import now
from bot.dispatch import answer
from bot.dispatch.answer import Answer
from bot.dispatch.conversation import Conversation
from bot.dispatch.events import TAPS, Events
from bot.dispatch.faults import described
from bot.dispatch.following import Following
from bot.dispatch.handling import Handling
from bot.dispatch.ladder import Ladder
from bot.dispatch.late import HEARS_WITHIN, Late, written
from bot.dispatch.notices import Notices
from bot.dispatch.revocations import Revocations
from bot.dispatch.rounds import Rounds
from bot.dispatch.rungs import Rung, rung_for
from bot.dispatch.speaking import Speaking
from bot.dispatch.stand_ins import StandIns
from bot.dispatch.work import Steps, Work
from bot.errors import PushRefused, StoreUnavailable
from bot.jobs import Jobs
from bot.render import Renderer
from bot.routing.accounts import Accounts
from bot.routing.router import Routes
from bot.store.inbox import Claim, Claimed, Copy, Inbox, TakenOver, new_ticket
from bot.wechat.inbound import Incoming

log = logging.getLogger(__name__)

LAST_MOMENT = 4.7
"""Seconds after which nothing is waited for any more: WeChat hangs up at five, and an answer has a way to go."""
LAST_COPY = 3
"""WeChat pushes a message three times; after the third the sender reads that the account is out of order."""
LAST_COPY_AGE = 9.0
"""Seconds after which a copy is the last one, whatever became of those before: they may have met no live process."""
NOTING_TRIES = 20
"""How often (a second apart) it is tried to be noted that an answer was given."""
SHORT = 0.08
"""Seconds Redis has for a promise at the very last moment."""


class Dispatcher:
    """The one door for pushes of every account."""

    def __init__(
        self,
        services: Accounts,
        routes: Routes,
        inbox: Inbox,
        renderer: Renderer,
        jobs: Jobs,
        *,
        rounds: Rounds,
        deadline: float,
        messages_per_minute: int,
    ) -> None:
        self._services = services
        self._routes = routes
        self._inbox = inbox
        self._rounds = rounds
        speaking = Speaking(services, routes)
        self._stand_ins = StandIns(services, speaking, renderer)
        self._deadline = min(deadline, LAST_MOMENT - HEARS_WITHIN)
        ladder = Ladder(services)
        self.notices = Notices(services, renderer, ladder, jobs)
        self.late = Late(
            services, inbox, ladder, jobs,
            rounds=rounds, start=self._resume, in_doubt=self._stand_ins.in_doubt, in_hand=self._in_hand,
        )  # fmt: skip
        self.following = Following(services, ladder, jobs)
        self._handling = Handling(
            services, routes, speaking,
            stand_ins=self._stand_ins,
            conversation=Conversation(routes, renderer, self.notices, messages_per_minute),
            events=Events(routes, self.notices, inbox),
        )  # fmt: skip
        self._running: dict[tuple[str, str], Work] = {}
        self._revocations = Revocations(inbox, self._put_back)
        self._afterwards: set[asyncio.Task[None]] = set()
        self._attended: set[asyncio.Future[None]] = set()
        self._closing = False

    async def receive(self, copy: Copy, push: Incoming, arrived: float) -> Answer | None:
        """The answer to one copy of a push that ``arrived`` (on the loop's clock); None: let WeChat hang up.

        Raises :exc:`bot.errors.PushRefused` for a second body under a seen signature, and
        :exc:`bot.errors.StoreUnavailable` for an event that could not be recorded, while this process stops, or where
        Redis is away before this process has ever heard who the operators are.
        """
        if self._closing:
            raise StoreUnavailable("stopping")
        last = now() - push.created_at >= LAST_COPY_AGE
        await self._services.ready(push.appid)
        await self._rounds.mark(push.appid)
        copy = self._labelled(copy, push)
        try:
            claimed = await self._inbox.claim(copy, now())
        except StoreUnavailable:
            # One that is worked on here was recorded: whoever asks for it again waits for it, Redis or not.
            work = self._running.get((push.appid, push.identity))
            if work is None:
                self._revocations.add(copy, copy.ticket)
                return self._stand_ins.without_store(push)
        else:
            if claimed.claim in (Claim.FORGED, Claim.STALE):
                raise PushRefused(claimed.claim.value)
            if claimed.promised and copy.queued:
                return answer.NOTHING
            if claimed.claim is Claim.DONE:
                return Answer.of(claimed.answer, self._services[push.appid].answers.sealer)
            last |= claimed.copies >= LAST_COPY
            work = self._join(copy, push, claimed)
        return await self._in_time(work, push, arrived, last=last)

    def delivered(self, push: Incoming, given: Answer) -> None:
        """A copy of ``push`` was ``given`` its answer, as far as anybody can tell on this side of the wire."""
        if not given.stand_in and self._may_be_written_to(push):
            self._afterwards_do(self._note_delivered(push, given))

    @contextlib.contextmanager
    def attending(self) -> Iterator[None]:
        """While inside, somebody at the other end of a connection waits for what this process says."""
        said = asyncio.get_running_loop().create_future()
        self._attended.add(said)
        try:
            yield
        finally:
            self._attended.discard(said)
            said.cancel()

    def _afterwards_do(self, what: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(what)
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)

    async def _note_delivered(self, push: Incoming, given: Answer) -> None:
        work = self._running.get((push.appid, push.identity))
        if work is not None:
            await asyncio.wait({work.task})
        for _ in range(NOTING_TRIES):  # in vain: it is kept, and shown once more
            with contextlib.suppress(StoreUnavailable):
                if given.following:
                    await self.following.begin(push, given.following)
                await self._inbox.delivered(push.appid, push.identity, now())
                return
            await asyncio.sleep(1)

    def _labelled(self, copy: Copy, push: Incoming) -> Copy:
        """``copy`` with what its record says about it, and what whoever carries it on would need."""
        match = self._routes.match(push.text) if push.is_text else None
        what = match.command.name if match else push.type
        message = written(push, copy.keep, self._services[push.appid].answers.sealer)
        return replace(copy, message=message, what=what, queued=self._may_be_written_to(push), ticket=new_ticket())

    def _may_be_written_to(self, push: Incoming) -> bool:
        """Whether the sender of ``push`` waits for an answer of ours: customers are left to the account's own ways."""
        known = self._services[push.appid].people.knows(push.openid)
        return known and (push.kind == "message" or push.type in TAPS)

    async def settle(self, within: float = LAST_MOMENT) -> bool:
        """Let what runs come to its end for so many seconds; whether all of it has."""
        ends = asyncio.get_running_loop().time() + within
        while tasks := self._tasks():
            left = ends - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            await asyncio.wait(tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        return True

    def _tasks(self) -> set[asyncio.Future[None]]:
        return {
            *(work.task for work in self._running.values()), *self.late.tasks, *self._afterwards,
            *self._attended, *self._revocations.tasks,
        }  # fmt: skip

    async def close(self) -> None:
        """Take no more pushes; let what runs come to its end, for as long as WeChat would wait; then cancel it."""
        self._closing = True
        if not await self.settle():
            tasks = self._tasks()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _join(self, copy: Copy, push: Incoming, claimed: Claimed) -> Work:
        """The work on ``push`` in this process, begun if need be."""
        work = self._running.get((push.appid, push.identity))
        if work is None or work.failed or (claimed.claim is Claim.NEW and not work.adopt(claimed)):
            return self._start(copy, push, claimed)
        return work

    def _resume(self, copy: Copy, push: Incoming, taken: TakenOver) -> Work:
        """Work on a push whose process died."""
        return self._start(copy, push, taken.claimed)

    async def _put_back(self, copy: Copy) -> None:
        await self._services[copy.appid].answers.put_back(copy.openid, copy.identity)

    def _in_hand(self, appid: str, identity: str) -> bool:
        return (appid, identity) in self._running or self._revocations.waits(appid, identity)

    def _start(self, copy: Copy, push: Incoming, claimed: Claimed) -> Work:
        services = self._services[push.appid]

        async def came() -> None:
            if services.people.knows(push.openid):
                await services.windows.opened(push)

        async def carry_out(held: Claimed, begun: Begun) -> Answer:
            return await self._handling.answer(push, held, begun)

        async def shown(given: Answer) -> None:
            await services.answers.read(push.openid, given.kept)

        def owed(given: Answer) -> bool:
            return given.says_something and self._may_be_written_to(push)

        key = (push.appid, push.identity)
        steps = Steps(came, carry_out, shown, owed, self._revocations.add)
        work = self._running[key] = Work(self._inbox, copy, claimed, steps, services.answers.sealer)
        work.task.add_done_callback(lambda done: self._forget(key, work, done))
        return work

    def _forget(self, key: tuple[str, str], work: Work, task: asyncio.Task[None]) -> None:
        if self._running.get(key) is work:
            del self._running[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("push not completed", extra={"account": key[0], "push": key[1], "fault": described(error)})

    async def _in_time(self, work: Work, push: Incoming, arrived: float, *, last: bool) -> Answer | None:
        if await work.known_by(arrived + self._deadline):
            return await self._outcome(work, push)
        rung = await rung_for(self.late, push, waited_for=self._may_be_written_to(push), last=last)
        if rung in (Rung.WAITS, Rung.LAST):
            if await work.known_by(arrived + LAST_MOMENT):
                return await self._outcome(work, push)
            if rung is Rung.WAITS:
                return None
            rung = Rung.FOLLOWS if await self.late.promise(push, SHORT) else Rung.AWAY
        if work.ended and (rung is Rung.AWAY or work.failed):  # while Redis was asked
            await work.known_by(arrived + LAST_MOMENT)
            return await self._outcome(work, push)
        if rung is Rung.AWAY:
            return self._give_up(work, push)
        work.promised = True
        self.late.follow(work, push)
        return await self._outcome(work, push)

    async def _outcome(self, work: Work, push: Incoming) -> Answer:
        if work.promised and self._may_be_written_to(push):
            return answer.NOTHING
        try:
            return await work.outcome()
        except StoreUnavailable:
            return self._stand_ins.without_store(push, work)

    def _give_up(self, work: Work, push: Incoming) -> Answer:
        """Redis is away at the deadline: stop, unless something has begun; then the outcome follows once known."""
        if not work.abandon() and self._may_be_written_to(push):
            self.late.follow(work, push)
        return self._stand_ins.without_store(push, work)
