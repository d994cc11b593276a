"""Answers that come after WeChat has been told that nothing will: promised first, then delivered, once.

The promise outlives the process. Delivering is a job named after the push: whoever finishes late begins it, and for a
push whose process died whoever looks next does. The job carries the push on where nobody has ended it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import asdict

from bot.begun import VOUCHERS, Begun
from bot.clock import now
from bot.dispatch.answer import Answer
from bot.dispatch.ladder import Ladder, Message
from bot.dispatch.rounds import Rounds
from bot.dispatch.work import Work
from bot.errors import StoreUnavailable
from bot.jobs import Jobs, Later
from bot.routing.accounts import Accounts
from bot.store.inbox import LEASE, Copy, Gone, Inbox, TakenOver, Undelivered, Wait
from bot.store.patience import Limit
from bot.store.sealing import Sealer
from bot.wechat.inbound import Incoming

log = logging.getLogger(__name__)

JOB = "answer"
TRIES = 600
"""How often (a second apart) a late answer is tried to be handed over while Redis is away."""
HEARS_WITHIN = 0.4
"""Seconds Redis has to take a promise: what is left before WeChat hangs up."""

Start = Callable[[Copy, Incoming, TakenOver], Work]
InHand = Callable[[str, str], bool]
InDoubt = Callable[[str, str, Begun], Answer]


class Late:
    """Late answers of every account. ``start`` begins work on a push, ``in_doubt`` words what nobody knows.

    ``in_hand``: whether this process works on a push, or is about to undo its claim, whatever Redis thinks of that.
    """

    def __init__(
        self, services: Accounts, inbox: Inbox, ladder: Ladder, jobs: Jobs, *, rounds: Rounds,
        start: Start, in_doubt: InDoubt, in_hand: InHand,
    ) -> None:  # fmt: skip
        self._services = services
        self._inbox = inbox
        self._rounds = rounds
        self._ladder = ladder
        self._jobs = jobs
        self._start = start
        self._in_doubt = in_doubt
        self._in_hand = in_hand
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}
        jobs.register(JOB, self._deliver)

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """Those on their way."""
        return set(self._tasks.values())

    async def promise(self, push: Incoming, within: float = HEARS_WITHIN) -> bool:
        """Promise the sender of ``push`` an answer; False when Redis does not take the promise in time."""
        try:
            async with Limit(within):
                return await self._inbox.promise(push.appid, push.identity, now())
        except (TimeoutError, StoreUnavailable):
            return False

    async def store_hears(self) -> bool:
        """Whether Redis answers in time."""
        try:
            async with Limit(HEARS_WITHIN):
                await self._inbox.hears()
        except (TimeoutError, StoreUnavailable):
            return False
        return True

    async def may_follow(self, push: Incoming) -> bool | None:
        """Whether a customer-service message may carry the answer; None when Redis does not say so in time."""
        services = self._services[push.appid]
        try:
            async with Limit(HEARS_WITHIN / 2):
                if not services.account.customer_service:
                    await self._inbox.hears()
                    return False
                return await services.windows.may_send(push.openid)
        except (TimeoutError, StoreUnavailable):
            return None

    def follow(self, work: Work, push: Incoming) -> None:
        """Deliver the outcome of ``work`` when it is there; once, whatever number of copies ask."""
        key = (push.appid, push.identity)
        if key not in self._tasks:
            task = self._tasks[key] = asyncio.create_task(self._follow(work, push))
            task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def _follow(self, work: Work, push: Incoming) -> None:
        await asyncio.wait({work.task})
        if work.failed:
            return  # its claim is given back, so that whoever looks next carries it on
        for _ in range(TRIES):
            try:
                await self._inbox.promise(push.appid, push.identity, now())
                attempt = await self._jobs.start(JOB, push.identity, push.appid, {"identity": push.identity})
            except StoreUnavailable:
                await asyncio.sleep(1)
            else:
                await asyncio.wait({attempt})
                return
        log.error("late answer not handed over", extra={"account": push.appid, "push": push.identity})

    async def look(self) -> set[asyncio.Task[None]]:
        """Begin to carry on and deliver what somebody should look after; raises StoreUnavailable."""
        begun = set()
        for appid, identities in (await self._inbox.lapsed(await self._rounds.next(), now())).items():
            for identity in identities:
                if (appid, identity) in self._tasks or self._in_hand(appid, identity):
                    continue
                if not await self._inbox.due(appid, identity, now()):
                    continue
                begun.add(await self._jobs.start(JOB, identity, appid, {"identity": identity}))
        return begun

    async def _deliver(self, appid: str, identity: str) -> None:
        """The job: carry the push on if nobody has ended it, and give its answer to whoever waits for it."""
        await self._services.ready(appid)
        if self._in_hand(appid, identity):  # its claim may have lapsed while Redis was slow
            raise Later(LEASE, "this process has it in hand")
        match await self._inbox.take_over(appid, identity, now()):
            case Gone():
                return
            case Wait(at):
                raise Later(max(at - now(), 0) + 0.1, "somebody is at it")
            case Undelivered(stored, openid, promised):
                given = Answer.of(stored, self._services[appid].answers.sealer)
                await self._give(appid, identity, openid, given, again=not promised)
            case TakenOver() as taken:
                await self._carry_on(appid, identity, taken)

    async def _carry_on(self, appid: str, identity: str, taken: TakenOver) -> None:
        services = self._services[appid]
        unsealed = services.answers.sealer.open(taken.message)
        if unsealed is None:  # a new AppSecret
            given = self._in_doubt(appid, taken.openid, Begun(taken.claimed.begun or VOUCHERS))
            await self._give(appid, identity, taken.openid, given)
            return
        log.warning("push taken over", extra={"account": appid, "push": identity})
        await services.people.refresh()
        copy, push = unwritten(unsealed)
        work = self._start(copy, push, taken)
        try:
            given = await work.outcome()
        except asyncio.CancelledError:
            work.hand_back()
            raise
        await self._give(appid, identity, taken.openid, given if work.owed(given) else Answer())

    async def _give(self, appid: str, identity: str, openid: str, given: Answer, *, again: bool = False) -> None:
        services = self._services[appid]
        if given.says_something:
            message = _message(openid, identity, given)
            if again:
                await self._ladder.keep(services, message, again=True)
            else:
                await self._ladder.tell(services, message)
        await self._inbox.delivered(appid, identity, now())

    async def give_up(self, appid: str, identity: str) -> None:
        """A push that cannot be carried on: its sender hears that it is in doubt; nobody looks after it any more."""
        match await self._inbox.take_over(appid, identity, now()):
            case Undelivered(stored, openid, _):
                given = Answer.of(stored, self._services[appid].answers.sealer)
            case TakenOver(_, openid, claimed):
                given = self._in_doubt(appid, openid, Begun(claimed.begun or VOUCHERS))
                copy = Copy(appid, openid, identity, "", b"", KEPT_DEAD, 0)
                stored = given.stored(self._services[appid].answers.sealer)
                await self._inbox.finish(copy, claimed.ticket, stored, now())
            case _:
                return
        if given.says_something and self._services[appid].people.knows(openid):
            await self._ladder.keep(self._services[appid], _message(openid, identity, given))
        await self._inbox.delivered(appid, identity, now())


KEPT_DEAD = 7 * 86_400.0
"""Seconds the identity of a push given up is remembered."""


def _message(openid: str, identity: str, given: Answer) -> Message:
    fact = f"answer:{identity}"
    return Message(openid, given.text, fact, answer=True, pictures=given.pictures, article=given.article)


def written(push: Incoming, keep: float, sealer: Sealer) -> str:
    """``push`` as it is kept while it is worked on, and for how many seconds its identity is."""
    return sealer.seal(json.dumps({"push": asdict(push), "keep": keep}, ensure_ascii=False))


def unwritten(unsealed: str) -> tuple[Copy, Incoming]:
    """What :func:`written` sealed; a copy that came with no signature."""
    kept = json.loads(unsealed)
    push = Incoming(**kept["push"])
    return Copy(push.appid, push.openid, push.identity, "", b"", kept["keep"], 0), push
