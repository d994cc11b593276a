"""Pictures of both kinds, read back from what was kept of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.charts.chart import Chart
from bot.pictures.poster import Poster

Picture: TypeAlias = Poster | Chart


def picture_of(stored: Mapping[str, Any]) -> Picture:
    """The picture whose ``stored()`` this is."""
    return Chart.of(stored) if "shape" in stored else Poster.of(stored)
