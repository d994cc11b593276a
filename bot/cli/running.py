"""Running until told to stop, in one process or several."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from socket import socket
from typing import Any, NoReturn

from bot.cli.outcome import carried_out

STOP = (signal.SIGINT, signal.SIGTERM)
LONG_ENOUGH = 60.0
"""Seconds. Processes that live shorter than this crash in a row."""
CRASHES = 10
"""So many crashes in a row, and the parent gives up."""
CRASHED = 70


def run_until_told(work: Coroutine[Any, Any, None], parent: int | None = None) -> None:
    """Run ``work`` until it ends, Ctrl-C, SIGTERM, or whoever holds the other end of the pipe ``parent`` has ended."""
    asyncio.run(_until_told(work, parent))


async def _until_told(work: Coroutine[Any, Any, None], parent: int | None) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(work)
    for number in STOP:
        loop.add_signal_handler(number, task.cancel)
    if parent is not None:
        loop.add_reader(parent, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


class Processes:
    """Several processes that do the same. One that crashes is replaced; all end with this one, however it ends."""

    def __init__(self, work: Callable[[int, int], None], sockets: Sequence[socket] = ()) -> None:
        """``work`` gets its process's number and what :func:`run_until_told` takes for ``parent``.

        ``sockets`` are those the processes listen on. They are closed here, too, when told to stop: while anybody held
        one open, connections would still be taken, and nobody would answer them.
        """
        self._work = work
        self._sockets = sockets
        self._started: dict[int, float] = {}
        self._next_number = 0
        self._stopping = False

    def run(self, count: int) -> int:
        """Keep ``count`` of them until told to stop; the exit code, another than 0 if they could not run."""
        watched, held = os.pipe()
        for number in STOP:
            signal.signal(number, lambda *_: self._stop())
        for _ in range(count):
            self._start(watched, held)
        crashes, outcome = 0, 0
        while self._started:
            pid, status = os.wait()
            lived = time.monotonic() - self._started.pop(pid)
            code = os.waitstatus_to_exitcode(status)
            crashes = crashes + 1 if lived < LONG_ENOUGH else 1
            if self._stopping:
                continue
            if code in (1, 2) or crashes > CRASHES:
                # It ended with a sentence, which another one would only repeat.
                outcome = code if code in (1, 2) else 1
                self._stop()
            else:
                self._start(watched, held)
        return outcome

    def _start(self, watched: int, held: int) -> None:
        # A signal between fork and the next line would find neither the old nor the new handler right.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
        number, self._next_number = self._next_number, self._next_number + 1
        pid = os.fork()
        if pid == 0:
            os.close(held)
            self._become(number, watched)
        self._started[pid] = time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)

    def _become(self, number: int, watched: int) -> NoReturn:
        code = CRASHED
        try:
            for each in STOP:
                signal.signal(each, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)
            code = carried_out(lambda: self._work(number, watched))
        except BaseException:  # noqa: BLE001 - told, and then the process ends with it
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _stop(self) -> None:
        self._stopping = True
        for each in self._sockets:
            each.close()
        for pid in self._started:
            os.kill(pid, signal.SIGTERM)
