"""Pictures that follow an answer: a job for each push, so that none is lost with its process and each is shown once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.charts.kept import Picture
from bot.dispatch.answer import pictures_of, sealed_pictures
from bot.dispatch.ladder import Ladder, Message
from bot.jobs import Jobs
from bot.routing.context import Services
from bot.wechat.inbound import Incoming

JOB = "pictures"


class Following:
    """Pictures of every account."""

    def __init__(self, services: Mapping[str, Services], ladder: Ladder, jobs: Jobs) -> None:
        self._services = services
        self._ladder = ladder
        self._jobs = jobs
        jobs.register(JOB, self._tell)

    async def begin(self, push: Incoming, pictures: Sequence[Picture]) -> None:
        """Show ``pictures`` to whoever sent ``push``, once however often this is asked for.

        Raises :exc:`bot.errors.StoreUnavailable` when it is not recorded.
        """
        sealed = sealed_pictures(pictures, self._services[push.appid].answers.sealer)
        args = {"openid": push.openid, "posters": sealed, "fact": fact(push.identity)}
        await self._jobs.start(JOB, fact(push.identity), push.appid, args)

    async def _tell(self, appid: str, **args: Any) -> None:
        services = self._services[appid]
        await self._ladder.tell(services, message_of(services, args))

    async def keep(self, appid: str, args: Mapping[str, Any]) -> None:
        """What could not be shown waits for the person's next message."""
        services = self._services[appid]
        await self._ladder.keep(services, message_of(services, args))


def fact(identity: str) -> str:
    """What the pictures of one answer are told under."""
    return f"pictures:{identity}"


def message_of(services: Services, args: Mapping[str, Any]) -> Message:
    """The message in the arguments of a job; with no pictures where a new AppSecret has made them unreadable."""
    pictures = pictures_of(args["posters"], services.answers.sealer)
    return Message(args["openid"], "", args["fact"], answer=True, pictures=pictures)
