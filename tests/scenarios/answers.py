"""What a person read in answer to what they sent: each answer once, or shown again and marked so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.simulator import Bubble

KEPT = re.compile(r"\n*—— .*\d+ 条.* ——\n")
"""What stands above answers that waited for the next message."""
AGAIN = "重发（可能已看过）"
"""Marks an answer that may have been shown before."""


@dataclass(frozen=True)
class Said:
    """One answer as it was shown: ``passive``, ``custom``, or ``kept``: under the answer to the next message."""

    text: str
    way: str
    again: bool


def said_in(bubbles: Iterable[Bubble]) -> list[Said]:
    """Every answer in ``bubbles``, in the order they were shown."""
    found = []
    for bubble in bubbles:
        own, *kept = KEPT.split(bubble.text)
        for text, way in [(own, bubble.via), *((text, "kept") for each in kept for text in each.split("\n\n"))]:
            if text.strip():
                found.append(Said(text, way, AGAIN in text))
    return found


def count(said: Iterable[Said], pattern: re.Pattern[str]) -> Counter[tuple[str, bool]]:
    """How often each thing that ``pattern`` finds was said: (what it found, whether it was marked as said again)."""
    return Counter((match, each.again) for each in said for match in pattern.findall(each.text))
