"""One push being carried out: held under its claim, its answer known to every copy in this process and stored for the
others.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.begun import Begun
from bot.clock import now
from bot.dispatch.answer import Answer
from bot.errors import StoreUnavailable
from bot.store.inbox import LEASE, Claim, Claimed, Copy, Finish, Inbox
from bot.store.sealing import Sealer

log = logging.getLogger(__name__)

LONGEST = 240.0
"""Seconds a command may take, all told; one that hangs must not hold up what its sender sends next for ever."""

STORING = 0.3
"""Seconds an answer waits to be stored before it is given; that takes a millisecond unless Redis is away."""
STORING_TRIES = 60
"""How often (a second apart) an answer is tried to be stored before it is only in memory of those who got it."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done with a push: ``carry_out`` once it is its turn, ``shown`` when the answer is stored.

    ``came`` is called before its turn, for what must not wait; ``owed``: whether somebody waits for this answer;
    ``revoke`` undoes a claim whose sender was told to send it again.
    """

    came: Callable[[], Awaitable[None]]
    carry_out: Callable[[Claimed, Begun], Awaitable[Answer]]
    shown: Callable[[Answer], Awaitable[None]]
    owed: Callable[[Answer], bool]
    revoke: Callable[[Copy, str], None]


class Work:
    """Carries a push out, or waits while another process does.

    ``begun`` tells whether anything has begun that cannot be taken back.
    """

    def __init__(self, inbox: Inbox, copy: Copy, claimed: Claimed, steps: Steps, sealer: Sealer) -> None:
        self.begun = Begun(note=self._note)
        self._inbox = inbox
        self._copy = copy
        self._steps = steps
        self._sealer = sealer
        self._forget = False
        self.promised = claimed.promised
        """The answer goes another way than with a copy."""
        self._claimed = claimed
        self._elsewhere = claimed.claim is Claim.RUNNING
        self._handling: asyncio.Task[Answer] | None = None
        self._result: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.task = asyncio.create_task(self._run())

    async def known_by(self, moment: float) -> bool:
        """Whether the outcome is known at ``moment`` (of the loop's clock), and stored, if Redis is quick."""
        left = moment - asyncio.get_running_loop().time()
        await asyncio.wait({self._result}, timeout=max(left, 0))
        if self._result.done():
            await asyncio.wait({self.task}, timeout=STORING)
        return self._result.done()

    async def outcome(self) -> Answer:
        """The answer, however long it takes; raises :exc:`bot.errors.StoreUnavailable` where nothing was done."""
        await asyncio.wait({self._result})
        return self._result.result()

    def adopt(self, claimed: Claimed) -> bool:
        """Go on under a claim that a copy got because ours had lapsed (a clock that jumped, Redis away for a while).

        False where this is not at work itself, or has failed.
        """
        if self._elsewhere or self.failed:
            return False
        self._claimed = claimed
        return True

    def abandon(self) -> bool:
        """Stop and forget it; False if something has begun that cannot be taken back, or it ended, or another works."""
        if self.in_doubt or self.ended:
            return False
        self._forget = True
        if self._handling is not None:
            self._handling.cancel()
        return True

    def hand_back(self) -> None:
        """Stop, if nothing has begun that cannot be taken back, and leave what was promised to whoever looks next."""
        if not self.in_doubt and self._handling is not None:
            self._handling.cancel()

    @property
    def ended(self) -> bool:
        """Whether there is an outcome, also one that nobody has heard of yet."""
        return self._result.done() or (self._handling is not None and self._handling.done())

    @property
    def failed(self) -> bool:
        """Whether it ended without an answer: the next copy begins anew."""
        return self._result.done() and self._result.exception() is not None

    @property
    def in_doubt(self) -> bool:
        """Whether something may have been done."""
        return bool(self.begun.what) or self._elsewhere

    def owed(self, answer: Answer) -> bool:
        """Whether somebody waits for ``answer``."""
        return self._steps.owed(answer)

    async def _run(self) -> None:
        try:
            result = await self._carried_out()
        except BaseException as error:
            unavailable = error if isinstance(error, StoreUnavailable) else StoreUnavailable("not completed")
            self._result.set_exception(unavailable)
            self._result.exception()  # heard, whether or not a copy still waits for it
            if not self.begun.what:
                await self._release()
            if not isinstance(error, StoreUnavailable):
                raise
            return
        self._result.set_result(result)
        if not self._elsewhere:
            await self._store(result)

    async def _carried_out(self) -> Answer:
        if self._elsewhere:
            self._claimed = await self._inbox.wait(self._copy, now)
            self.promised |= self._claimed.promised
            if self._claimed.claim is Claim.DONE:
                return Answer.of(self._claimed.answer, self._sealer)
            self._elsewhere = False
        self.begun.what = self._claimed.begun
        self._handling = asyncio.ensure_future(self._in_turn())
        try:
            return await self._holding(self._handling)
        finally:
            self._handling.cancel()

    async def _in_turn(self) -> Answer:
        await self._steps.came()
        if self._claimed.behind:
            await self._inbox.turn(self._copy, self._claimed.ticket, now)
        async with asyncio.timeout(LONGEST):
            return await self._steps.carry_out(self._claimed, self.begun)

    async def _holding(self, handling: asyncio.Task[Answer]) -> Answer:
        """The result of ``handling``, the claim being renewed while it lasts."""
        renewing = asyncio.create_task(self._keep_renewing())
        try:
            await asyncio.wait({handling})
        finally:
            renewing.cancel()
        if handling.cancelled():
            raise StoreUnavailable("abandoned")
        return handling.result()

    async def _keep_renewing(self) -> None:
        while True:
            await asyncio.sleep(LEASE / 4)
            try:
                await self._inbox.renew(self._copy, self._claimed.ticket, now())
            except StoreUnavailable:
                log.warning("claim not renewed", extra={"account": self._copy.appid, "push": self._copy.identity})

    async def _note(self, what: str) -> None:
        await self._inbox.begin(self._copy, self._claimed.ticket, what, now())

    async def _release(self) -> None:
        """Let go of a claim under which nothing happened.

        Its sender hears that it is to be sent again, so it must not be done all the same; one that was promised an
        answer is left to whoever looks next, and if Redis is away that claim lapses.
        """
        if self._forget or not self.promised:
            self._steps.revoke(self._copy, self._claimed.ticket)
            return
        with contextlib.suppress(StoreUnavailable):
            await self._inbox.release(self._copy, self._claimed.ticket)

    async def _store(self, result: Answer) -> None:
        """Store the answer for later copies, as soon as Redis lets us; until then copies find it here."""
        stored, owed = result.stored(self._sealer), self._steps.owed(result)
        for _ in range(STORING_TRIES):
            with contextlib.suppress(StoreUnavailable):
                ending = await self._inbox.finish(self._copy, self._claimed.ticket, stored, now(), owed=owed)
                self.promised |= ending is Finish.PROMISED
                if ending is Finish.STORED:  # else whoever has the claim by now shows what they found, or nothing
                    await self._steps.shown(result)
                return
            await asyncio.sleep(1)
        log.warning("answer not stored", extra={"account": self._copy.appid, "push": self._copy.identity})
