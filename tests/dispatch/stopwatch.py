"""Real time on a machine that others use as well: what they took away is not counted."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

IN_TIME = 4.9
"""Seconds WeChat waits, less the way there and back."""
_TURNS = Path("/proc/self/schedstat")
"""Linux: nanoseconds this program ran, and nanoseconds it was ready and had to wait for a processor."""


def _waited() -> float:
    """Seconds spent waiting for a processor so far, where the system tells."""
    try:
        return int(_TURNS.read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


@contextlib.contextmanager
def in_time(seconds: float = IN_TIME) -> Iterator[None]:
    """What happens inside ends before WeChat hangs up."""
    began, waited = time.perf_counter(), _waited()
    yield
    took, waited = time.perf_counter() - began, _waited() - waited
    assert took - waited < seconds, f"took {took:.2f} s, {waited:.2f} s of them waiting for a processor"
