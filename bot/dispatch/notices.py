"""Messages that answer nothing: each a job, so that none is lost with its process, and each fact told once.

To somebody who serves several shops each says which it is of. What the clock brings of several at the same time is
gathered: see :mod:`bot.dispatch.together`.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.dispatch.answer import pictures_of, sealed_pictures
from bot.dispatch.ladder import Ladder, Message
from bot.dispatch.together import Together
from bot.errors import NotServed
from bot.jobs import Jobs
from bot.merchants import persons
from bot.merchants.gathered import Entry
from bot.pictures.poster import Poster
from bot.render import Renderer
from bot.routing.accounts import Accounts
from bot.routing.context import Services
from bot.routing.reply import Notice, Reply, Sketch

log = logging.getLogger(__name__)

JOB = "notice"
PATIENCE = 3.0
"""Seconds whoever has a notice to tell waits for the first attempt; the rest is up to the job."""


class Notices:
    """Delivers notices of every account."""

    def __init__(self, services: Accounts, renderer: Renderer, ladder: Ladder, jobs: Jobs) -> None:
        self._services = services
        self._renderer = renderer
        self._ladder = ladder
        self._jobs = jobs
        self.together = Together(services, renderer, ladder, jobs)
        jobs.register(JOB, self._tell)

    async def deliver(self, services: Services, notice: Notice, *, by_the_clock: bool = False) -> None:
        """Tell ``notice``, now if WeChat lets us; ``by_the_clock``: others of the reader's shops may come with it.

        Raises :exc:`bot.errors.StoreUnavailable` when it is not recorded.
        """
        reader = services.people.operator(notice.openid)
        language = notice.language or (reader.language if reader else "") or services.account.language
        several = persons.is_away(notice.openid) or bool(services.people.elsewhere(notice.openid))
        words = self._words(services, notice.reply, language)
        if several:
            shop = {"shop": services.account.name, "words": words}
            words = self._words(services, Reply("delivery.for_shop", **shop), language)
        sketch = notice.reply.sketch
        pictures = [self._poster(sketch, language, services.account.zone)] if sketch else []
        may_wait = by_the_clock and several and reader is not None and not pictures
        if may_wait and await self._gathered(services, notice, words, language):
            return
        args = {
            "openid": notice.openid,
            "words": services.answers.sealer.seal(words),
            "pictures": sealed_pictures(pictures, services.answers.sealer) if pictures else "",
            "fact": notice.key,
            "also": list(notice.also),
            "topic": notice.topic,
            "until": notice.until,
            "left": reader is None,
        }
        attempt = await self._jobs.start(JOB, job_id(notice), services.account.appid, args)
        await asyncio.wait({attempt}, timeout=PATIENCE)

    def _poster(self, sketch: Sketch, language: str, zone: ZoneInfo) -> Poster:
        return Poster(self._renderer.render(sketch.template, sketch.values, language, zone), sketch.code)

    def _words(self, services: Services, reply: Reply, language: str) -> str:
        return self._renderer.render(reply.template, reply.values, language, services.account.zone)

    async def _gathered(self, services: Services, notice: Notice, words: str, language: str) -> bool:
        """Whether it waits for others of the reader's shops, or was told before."""
        try:
            channel, openid = self._services.reached(services, notice.openid)
        except NotServed:
            return False
        await self._services.ready(channel.account.appid)
        if len(channel.people.elsewhere(openid)) + (channel.people.operator(openid) is not None) < 2:
            return False
        entry = Entry(services.account.appid, notice.openid, notice.key, words, language, notice.topic)
        if brief := notice.brief:
            line, heading = (self._words(services, each, language) for each in (brief.line, brief.heading))
            entry = replace(entry, line=line, heading=heading, rank=brief.rank)
        told = [services.telling.key(notice.openid, fact) for fact in (notice.key, *notice.also)]
        await self.together.add(channel, openid, entry, told, notice.until)
        return True

    async def _tell(self, appid: str, **args: Any) -> None:
        services = await self._services.ready(appid)
        message = message_of(services, args)
        if message and (args.get("left", True) or await _still_here(services, message.openid)):
            await self._ladder.tell(services, message)

    async def keep(self, appid: str, args: Mapping[str, Any]) -> None:
        """What could not be told waits for the person's next message."""
        services = await self._services.ready(appid)
        if message := message_of(services, args):
            try:
                await self._ladder.keep(services, message)
            except NotServed:  # the account they text: there is nowhere to keep it
                log.warning("notice dropped", extra={"account": appid})


async def _still_here(services: Services, openid: str) -> bool:
    """Whether the reader is an operator by now: a job may have waited, and others may have removed them meanwhile."""
    await services.people.refresh()
    return services.people.operator(openid) is not None


def job_id(notice: Notice) -> str:
    """One job for each fact and person; jobs are named in logs, so the person is not, and in a shell, as they are."""
    return f"{notice.key}@{hashlib.blake2b(notice.openid.encode(), digest_size=6).hexdigest()}"


def message_of(services: Services, args: Mapping[str, Any]) -> Message | None:
    """The message in the arguments of a job; None where a new AppSecret has made its words unreadable."""
    words = services.answers.sealer.open(args["words"])
    if words is None:
        return None
    pictures = pictures_of(args.get("pictures", ""), services.answers.sealer)
    return Message(
        args["openid"], words, args["fact"], tuple(args["also"]), args["topic"], args["until"], pictures=pictures
    )
