"""Colours: dark enough on white, and told apart by people who see no red, no green or no blue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest

import templates

Colour = tuple[float, float, float]

TEMPLATE = (Path(templates.__file__).parent / "charts" / "chart.svg.j2").read_text(encoding="utf-8")
SEEN: dict[str, Sequence[Colour]] = {
    "everything": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What is left of linear red, green and blue. Source: Machado, Oliveira, Fernandes 2009, severity 1."""


def colours() -> list[Colour]:
    """Those of series, as linear light."""
    (listed,) = re.findall(r"set colors = \[(.*?)\]", TEMPLATE)
    found = re.findall(r'"#(\w\w)(\w\w)(\w\w)"', listed)
    return [tuple(_linear(int(part, 16) / 255) for part in each) for each in found]  # type: ignore[misc]  # three each


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def seen(colour: Colour, matrix: Sequence[Colour]) -> Colour:
    red, green, blue = (sum(m * c for m, c in zip(row, colour, strict=True)) for row in matrix)
    return red, green, blue


def lab(colour: Colour) -> Colour:
    """CIE Lab (D65) of linear light."""
    red, green, blue = (min(max(part, 0), 1) for part in colour)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (each ** (1 / 3) if each > 0.008856 else 7.787 * each + 16 / 116 for each in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("eyes", SEEN)
def test_series_drawn_together_are_told_apart(eyes: str) -> None:
    """A distance of 10 is seen at a glance, of 2 side by side only."""
    for one, other in combinations([lab(seen(each, SEEN[eyes])) for each in colours()[:3]], 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 15


def test_lines_have_the_contrast_of_graphics() -> None:
    """3 to 1 on white (WCAG 1.4.11)."""
    for red, green, blue in colours()[:3]:
        assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 3
