"""Times as a person says them."""

from __future__ import annotations

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def ago(seconds: float) -> str:
    """``seconds`` since 1970 as seen from now: "3 minutes ago", "in 2 hours", "now"."""
    from bot.clock import now

    distance = round(seconds - now())
    for length, unit in _UNITS:
        count = abs(distance) // length
        if count:
            words = f"{count} {unit}{'s' if count > 1 else ''}"
            return f"in {words}" if distance > 0 else f"{words} ago"
    return "now"


def in_words(seconds: float) -> str:
    """The moment in this machine's zone, and how far it is."""
    from datetime import datetime

    local = datetime.fromtimestamp(seconds).astimezone()
    return f"{local:%Y-%m-%d %H:%M:%S} ({ago(seconds)})"
