"""Looks after pushes whose process died, again and again: every process that works in the background does."""

from __future__ import annotations

import asyncio
import logging

from bot.dispatch.faults import described
from bot.dispatch.late import Late
from bot.errors import StoreUnavailable

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two looks."""


async def keep_looking(late: Late) -> None:
    """Look until cancelled."""
    while True:
        try:
            await late.look()
        except StoreUnavailable:
            log.warning("late answers wait for redis")
        except Exception as error:
            log.error("late answers failed", extra={"fault": described(error)})
        await asyncio.sleep(EVERY)
