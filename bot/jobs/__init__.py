"""Durable work: what must happen even if this process does not live to see it.

A job is recorded first (bot.store.jobs), then queued through docket, which wakes some worker. The record decides: who
holds the job, whether it is done, when it is tried again. Docket is imported by :mod:`bot.jobs.queue` alone, and only
once something is queued or worked on, for it takes a second.
"""

from bot.jobs.retrying import Hopeless, Later
from bot.jobs.work import Jobs
from bot.store.jobs import Job, JobShelf, State

__all__ = ["Hopeless", "Job", "JobShelf", "Jobs", "Later", "State"]
