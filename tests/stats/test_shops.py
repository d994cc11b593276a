"""A line for each shop, the worst first."""

from __future__ import annotations

from bot.stats.shops import Line, State, line_of


def test_the_worst_comes_first() -> None:
    lines = {
        "two flags": Line(State.COUNTED, 50, 40, flags=("a", "b")),
        "one flag, far down": Line(State.COUNTED, 10, 100, flags=("a",)),
        "one flag": Line(State.COUNTED, 90, 100, flags=("a",)),
        "fell by a half": Line(State.COUNTED, 5, 10),
        "fell by a tenth of much": Line(State.COUNTED, 900, 1000),
        "nothing to compare, few": Line(State.COUNTED, 1),
        "nothing to compare, many": Line(State.COUNTED, 7),
        "rose": Line(State.COUNTED, 20, 10),
        "no data": Line(State.NO_DATA),
        "unreachable": Line(State.UNREACHABLE),
        "not ready": Line(State.NOT_READY),
    }
    assert sorted(lines, key=lambda name: lines[name].rank) == list(lines)


def test_without_figures() -> None:
    assert line_of(None, ()) == Line(State.UNREACHABLE)
    assert Line(State.NO_DATA).more == 0
    assert Line(State.COUNTED, 0, 0).rank == (0, 0, 0.0, 0)
