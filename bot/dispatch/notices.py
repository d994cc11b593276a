"""Messages that answer nothing: each a job, so that none is lost with its process, and each fact told once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.dispatch.answer import pictures_of, sealed_pictures
from bot.dispatch.ladder import Ladder, Message
from bot.jobs import Jobs
from bot.pictures.poster import Poster
from bot.render import Renderer
from bot.routing.accounts import Accounts
from bot.routing.context import Services
from bot.routing.reply import Notice, Sketch

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
        jobs.register(JOB, self._tell)

    async def deliver(self, services: Services, notice: Notice) -> None:
        """Tell ``notice``, now if WeChat lets us. Raises :exc:`bot.errors.StoreUnavailable` when it is not recorded."""
        account = services.account
        reader = services.people.operator(notice.openid)
        language = notice.language or (reader.language if reader else "") or account.language
        words = self._renderer.render(notice.reply.template, notice.reply.values, language, account.zone)
        sketch = notice.reply.sketch
        pictures = [self._poster(sketch, language, account.zone)] if sketch else []
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
        attempt = await self._jobs.start(JOB, job_id(notice), account.appid, args)
        await asyncio.wait({attempt}, timeout=PATIENCE)

    def _poster(self, sketch: Sketch, language: str, zone: ZoneInfo) -> Poster:
        return Poster(self._renderer.render(sketch.template, sketch.values, language, zone), sketch.code)

    async def _tell(self, appid: str, **args: Any) -> None:
        services = await self._services.ready(appid)
        message = message_of(services, args)
        if message and (args.get("left", True) or await _still_here(services, message.openid)):
            await self._ladder.tell(services, message)

    async def keep(self, appid: str, args: Mapping[str, Any]) -> None:
        """What could not be told waits for the person's next message."""
        services = await self._services.ready(appid)
        if message := message_of(services, args):
            await self._ladder.keep(services, message)


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
