"""Where something broke, for the log: types and places, never the words of an exception, which may be a person's."""

from __future__ import annotations

import traceback
from pathlib import PurePath

_FRAMES = 6


def described(error: BaseException) -> str:
    """``KeyError at daily_stats.py:31 in daily_stats < conversation.py:80 in _run``, the innermost place first."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{PurePath(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in reversed(frames)]
    cause = error.__cause__
    because = f", from {described(cause)}" if cause is not None else ""
    return f"{type(error).__name__} at {' < '.join(places)}{because}"
