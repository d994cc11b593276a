"""The rules of the house that import-linter cannot express: doors, clocks, sizes, names."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(path for name in ("bot", "handlers", "config") for path in (ROOT / name).rglob("*.py"))
OURS = [path for path in FILES if ROOT / "bot" / "simulator" not in path.parents]
SIMULATOR = [path for path in FILES if path not in OURS]

DOORS = {
    "redis": ("bot/store/",),
    "docket": ("bot/jobs/",),
    "jinja2": ("bot/render.py", "bot/charts/"),
    "aiohttp": ("bot/wechat/transport.py",),
    "wechatpy": ("bot/wechat/",),
    "tornado": ("bot/web/", "bot/app.py", "bot/serving.py"),
    "structlog": ("bot/log.py",),
    "pydantic": ("config/",),
    "click": ("bot/cli/",),
    "segno": ("bot/pictures/",),
    "resvg_py": ("bot/pictures/",),
    "xlsxwriter": ("bot/sheets/",),
}
DATA = {"bot/simulator/demo_vouchers.py"}
"""Functions here are one long literal each."""
CLOCKS = {"time.time", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def imported(path: Path) -> frozenset[str]:
    """The modules ``path`` imports, wherever it does."""
    found: set[str] = set()
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return frozenset(found)


def dotted(node: ast.AST) -> str:
    """``datetime.datetime.now`` as ``datetime.now``: the last two names of an attribute."""
    if not isinstance(node, ast.Attribute):
        return ""
    before = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    return f"{before}.{node.attr}"


@pytest.mark.parametrize(("package", "doors"), DOORS.items(), ids=DOORS)
def test_a_big_dependency_has_one_door(package: str, doors: tuple[str, ...]) -> None:
    users = {place(path) for path in OURS if package in {name.partition(".")[0] for name in imported(path)}}

    assert {user for user in users if not user.startswith(doors)} == set()


def test_the_simulator_knows_tornado_wechatpy_and_the_standard_library() -> None:
    known = sys.stdlib_module_names | {"tornado", "wechatpy", "cryptography"}  # the last is wechatpy's own
    strange = {
        (place(path), name)
        for path in SIMULATOR
        for name in imported(path)
        if name.partition(".")[0] not in known and not name.startswith("bot.simulator")
    }

    assert strange == set()


def test_only_the_clock_knows_what_time_it_is() -> None:
    """A frozen clock must freeze the whole program; time.monotonic measures and is free."""
    asked = {
        (place(path), dotted(node))
        for path in OURS
        for node in ast.walk(parse(path))
        if place(path) != "bot/clock.py" and dotted(node) in CLOCKS
    }

    assert asked == set()


def test_only_the_command_line_sees_the_environment() -> None:
    seen = {
        place(path)
        for path in OURS
        for node in ast.walk(parse(path))
        if dotted(node) in {"os.environ", "os.getenv", "os.putenv"}
    }

    assert {user for user in seen if not user.startswith("bot/cli/")} == set()


def test_modules_and_functions_stay_small() -> None:
    """Past 300 lines and 40 there is a seam."""
    long = [(place(path), lines) for path in FILES if (lines := len(path.read_text("utf-8").splitlines())) > 300]
    for path in FILES:
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and place(path) not in DATA:
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > 40:
                    long.append((f"{place(path)}: {node.name}", lines))

    assert long == []


def test_names_say_what_is_inside() -> None:
    vague = re.compile(r"^(utils?|helpers?|common|misc|managers?|stuff)$")
    named = [place(path) for path in FILES if vague.match(path.stem) or vague.match(path.parent.name)]
    for path in FILES:
        named += [
            f"{place(path)}: {node.name}"
            for node in ast.walk(parse(path))
            if isinstance(node, ast.ClassDef) and re.search(r"(Manager|Helper|Utils?)$", node.name)
        ]

    assert named == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [place(path) for path in [*FILES, *sorted((ROOT / "tests").rglob("test_*.py"))] if not doc(path)]

    assert silent == []


def doc(path: Path) -> str | None:
    return ast.get_docstring(parse(path))


def test_exceptions_are_never_swallowed_whole() -> None:
    swallowed = [
        f"{place(path)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        and all(isinstance(each, ast.Pass) for each in node.body)
    ]

    assert swallowed == []
