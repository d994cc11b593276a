"""From an outcome to words: Jinja macros by language, and the filters that write numbers and days the way it does.

Pages for a browser are laid out in ``templates/pages/``, once for all languages; their words are macros as well. There
whatever is put in is escaped.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.environment import TemplateModule

import templates
from bot import clock, numbers

LANGUAGES = ("zh_CN", "en")
FOLDER = Path(templates.__file__).parent


class Renderer:
    """Renders macros of ``templates/<language>/<file>.txt.j2``; templates are compiled once and kept."""

    def render(self, template: str, values: dict[str, Any], language: str, zone: ZoneInfo) -> str:
        """Macro ``file.macro`` with ``values`` as text, without blank lines around it."""
        file, _, macro = template.partition(".")
        return str(getattr(_module(language, zone, file), macro)(**values)).strip()

    def page(self, name: str, values: dict[str, Any], language: str, zone: ZoneInfo) -> str:
        """``templates/pages/<name>`` with ``values``: HTML, or what goes into it."""
        return str(_environment(language, zone, pages=True).get_template(f"{name}.j2").render(lang=language, **values))

    def has(self, template: str, language: str) -> bool:
        """Whether ``file.macro`` stands in ``language``."""
        file, _, macro = template.partition(".")
        path = FOLDER / language / f"{file}.txt.j2"
        return path.is_file() and hasattr(_module(language, clock.WECHAT_ZONE, file), macro)


@cache
def _module(language: str, zone: ZoneInfo, file: str) -> TemplateModule:
    return _environment(language, zone).get_template(f"{file}.txt.j2").module


@cache
def _environment(language: str, zone: ZoneInfo, *, pages: bool = False) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([FOLDER / "pages", FOLDER / language] if pages else FOLDER / language),
        autoescape=pages,  # noqa: S701 - chat text is no HTML: escaping would show as &amp;
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    environment.filters |= _filters(language, zone) | _of_commands(language, zone)
    return environment


def _of_commands(language: str, zone: ZoneInfo) -> dict[str, Callable[..., str]]:
    """Filters for a command: how it is written and what it does stand in its own template."""

    def macro(prefix: str) -> Callable[..., str]:
        def filled(command: Any, values: dict[str, Any] | None = None) -> str:
            found = getattr(_module(language, zone, command.template), f"{prefix}_{command.name}")
            return str(found(**(values or {}))).strip()

        return filled

    def example(command: Any) -> str:
        own = getattr(_module(language, zone, command.template), f"example_{command.name}", None)
        return str(own()).strip() if own else str(command.example)

    return {name: macro(name) for name in ("usage", "about", "details")} | {"example": example}


def _filters(language: str, zone: ZoneInfo) -> dict[str, Callable[..., str]]:
    chinese = language == "zh_CN"

    def to_day(value: date | float, year: bool = False) -> str:
        day = clock.local(value, zone).date() if isinstance(value, int | float) else value
        this_year = clock.local(clock.now(), zone).year
        with_year = year or day.year != this_year
        if chinese:
            return f"{day.year}年{day.month}月{day.day}日" if with_year else f"{day.month}月{day.day}日"
        return format_date(day, "d MMM y" if with_year else "d MMM", locale="en")

    def to_weekday(value: date) -> str:
        return "周" + "一二三四五六日"[value.weekday()] if chinese else format_date(value, "EEE", locale="en")

    def to_moment(value: float, dated: bool = False) -> str:
        at = clock.local(value, zone)
        hour = f"{at:%H:%M}"
        today = at.date() == clock.local(clock.now(), zone).date()
        return hour if today and not dated else f"{to_day(value)} {hour}"

    return {
        "day": to_day,
        "weekday": to_weekday,
        "moment": to_moment,
        "number": numbers.in_full,  # what is shown beside its parts: rounded to 万 it would not add up any more
        "short": partial(numbers.short, chinese=chinese),
        "signed": numbers.signed,
        "percent": numbers.percent,
        "coins": numbers.coins,
        "money": numbers.money,
        "text_list": lambda items: ("、" if chinese else ", ").join(str(item) for item in items),
    }
