"""What is done about a job that was given up: its person gets the one answer, and owners are told."""

from __future__ import annotations

from bot.dispatch.following import JOB as PICTURES
from bot.dispatch.following import Following
from bot.dispatch.late import JOB as ANSWER
from bot.dispatch.late import Late
from bot.dispatch.notices import JOB as NOTICE
from bot.dispatch.notices import Notices
from bot.dispatch.together import JOB as TOGETHER
from bot.jobs import Job
from bot.routing.accounts import Accounts
from bot.routing.reply import Notice, Reply


class Dead:
    """Called with each dead job, until it returns without raising."""

    def __init__(
        self, services: Accounts, late: Late, notices: Notices, following: Following
    ) -> None:
        self._services = services
        self._following = following
        self._late = late
        self._notices = notices

    async def __call__(self, job: Job) -> None:
        """What it was to tell waits for the person's next message. Owners hear of it unless that is all there is."""
        if job.appid not in self._services:
            return
        services = await self._services.ready(job.appid)
        await services.people.refresh()
        if job.name == ANSWER:
            await self._late.give_up(job.appid, job.args["identity"])
        elif job.name == PICTURES:
            await self._following.keep(job.appid, job.args)
        elif job.name in (NOTICE, TOGETHER):
            await (self._notices if job.name == NOTICE else self._notices.together).keep(job.appid, job.args)
            return
        reply = Reply("delivery.dead_job", job=job.reference, at=job.created_at, killed=job.kills > 0)
        for owner in services.people.with_alert("system"):
            key = f"dead:{job.job_id}:{job.ended_at}"
            await self._notices.deliver(services, Notice(owner.openid, reply, key))
