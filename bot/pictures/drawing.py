"""From SVG to PNG, beside the event loop: a process draws, two at a time at most."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process

from bot.errors import PictureNotDrawn
from bot.pictures.poster import Poster

PATIENCE = 20.0
"""Seconds a picture may take to draw; a fifth of one is usual."""
AT_ONCE = 2
SCREEN = 800
"""Pixels across for a phone."""
PRINT = 2400
"""Pixels across for paper: 20 cm at 300 dpi."""


class Studio:
    """Draws for one process of the bot."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def png(self, poster: Poster, wide: int = SCREEN) -> bytes:
        """``poster`` as PNG, ``wide`` pixels across. Raises :exc:`bot.errors.PictureNotDrawn`."""
        try:
            svg = poster.svg().encode()
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
