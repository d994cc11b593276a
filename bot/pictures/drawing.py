"""From SVG to PNG, beside the event loop: a process draws, two at a time at most."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from typing import Protocol

from bot.errors import PictureNotDrawn

PATIENCE = 20.0
"""Seconds a picture may take to draw; a fifth of one is usual."""
AT_ONCE = 2
SCREEN = 800
"""Pixels across for a phone."""
PRINT = 2400
"""Pixels across for paper: 20 cm at 300 dpi."""


MOST_KEPT = 8 << 20
"""Bytes of pictures a process remembers: some two hundred of them."""


class Drawable(Protocol):
    """What can be drawn: it has a shape, and a name that is another as soon as there is another thing to be seen."""

    @property
    def digest(self) -> str:
        """Names what is to be seen."""

    def svg(self) -> str:
        """The picture; ValueError where it cannot be had."""


class Studio:
    """Draws for one process of the bot, the same thing once: whoever asks for it meanwhile waits for the first."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._drawing: dict[tuple[str, int], asyncio.Task[bytes]] = {}
        self._drawn: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    async def png(self, picture: Drawable, wide: int = SCREEN) -> bytes:
        """``picture`` as PNG, ``wide`` pixels across. Raises :exc:`bot.errors.PictureNotDrawn`."""
        key = (picture.digest, wide)
        if key in self._drawn:
            self._drawn.move_to_end(key)
            return self._drawn[key]
        task = self._drawing.get(key)
        if task is None:
            task = self._drawing[key] = asyncio.create_task(self._draw(picture, wide))
            task.add_done_callback(lambda done: self._remember(key, done))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Stop drawing."""
        tasks = list(self._drawing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _remember(self, key: tuple[str, int], done: asyncio.Task[bytes]) -> None:
        del self._drawing[key]
        if done.cancelled() or done.exception() is not None:
            return
        self._drawn[key] = done.result()
        while sum(map(len, self._drawn.values())) > MOST_KEPT:
            self._drawn.popitem(last=False)

    async def _draw(self, picture: Drawable, wide: int) -> bytes:
        try:
            svg = picture.svg().encode()
        except ValueError:
            raise PictureNotDrawn("more than a QR code holds") from None
        async with self._turns:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.pictures.pen", str(wide), stdin=PIPE, stdout=PIPE, stderr=PIPE
            )
            try:
                async with asyncio.timeout(PATIENCE):
                    drawn, said = await process.communicate(svg)
            except TimeoutError:
                raise PictureNotDrawn(f"not drawn within {PATIENCE:g} s") from None
            finally:
                await _ended(process)
        if process.returncode:
            raise PictureNotDrawn(f"exit {process.returncode}: {_kind(said)}")
        return drawn


async def _ended(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


def _kind(said: bytes) -> str:
    """The name of the exception that ended the process; what it says may quote the picture."""
    return said.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0][:60]
