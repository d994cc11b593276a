"""``VOUCHERBOT_SECTION__KEY`` over what the file says.

``__`` separates levels, list entries go by index: ``VOUCHERBOT_ACCOUNTS__0__SECRET``. A list of plain values may be
given whole, separated by commas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.errors import SettingsError
from config.explain import nearest
from config.model import Settings
from config.shape import Loc, is_list, is_section, is_table, kind_at, options_at

PREFIX = "VOUCHERBOT_"
BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def merge(values: dict[str, Any], environ: Mapping[str, str]) -> dict[Loc, str]:
    """Put the overrides among ``environ`` into ``values``; which value came from which variable.

    Raises :exc:`SettingsError` for a name that is not an option.
    """
    origins: dict[Loc, str] = {}
    named = [(_loc(name), name) for name in environ if name.startswith(PREFIX)]
    for loc, name in sorted(named, key=lambda each: [str(part).rjust(4) for part in each[0]]):
        value = _converted(kind_at(Settings, loc), environ[name])
        _put(values, loc, value, name)
        origins[loc] = name
        if isinstance(value, list):
            origins |= {(*loc, index): name for index in range(len(value))}
    return origins


def _loc(name: str) -> Loc:
    """The path ``name`` means; every step must be an option."""
    loc: Loc = ()
    for word in name.removeprefix(PREFIX).lower().split("__"):
        kind = kind_at(Settings, loc)
        part: int | str = int(word) if is_list(kind) and word.isdecimal() else word
        if kind_at(Settings, (*loc, part)) is None:
            raise SettingsError(f"{name} is not an option, {_advice(loc, word, kind)}")
        loc = (*loc, part)
    kind = kind_at(Settings, loc)
    if is_section(kind) or is_table(kind) or (is_list(kind) and is_section(kind_at(Settings, (*loc, 0)))):
        raise SettingsError(f"{name} is a whole section, expected one option such as {_variable(loc)}")
    return loc


def _advice(loc: Loc, word: str, kind: Any) -> str:
    options = options_at(Settings, loc)
    if is_list(kind):
        return f"expected a number such as 0 where {word.upper()} stands"
    if not options:
        return f"expected {_variable(loc)}"
    return nearest(word.upper(), [option.upper() for option in options])


def _variable(loc: Loc) -> str:
    """The variable for ``loc``, for a section one of its options."""
    if is_list(kind_at(Settings, loc)):
        loc = (*loc, 0)
    options = options_at(Settings, loc)
    return PREFIX + "__".join(str(part).upper() for part in (*loc, *options[:1]))


def _converted(kind: Any, text: str) -> Any:
    """``text`` as ``kind`` if it can be read so, else as it is: the models then say what is wrong."""
    if is_list(kind):
        return [word.strip() for word in text.split(",") if word.strip()]
    if kind is bool:
        return BOOLEANS.get(text.strip().lower(), text)
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            return text
    return text


def _put(values: Any, loc: Loc, value: Any, name: str) -> None:
    """Set ``value`` at ``loc``, making sections and the next list entry on the way.

    Where the file has something else than a section or list there is nothing to put it in; the file's mistake is
    then what the models complain about.
    """
    for part, following in zip(loc, (*loc[1:], None), strict=True):
        if isinstance(values, list) and isinstance(part, int):
            if part > (there := len(values)):
                raise SettingsError(f"{name} names entry {part} of a list of {there}, expected {there} as the next")
            if part == there:
                values.append({})
        elif not (isinstance(values, dict) and isinstance(part, str)):
            return
        if following is None:
            values[part] = value
        elif isinstance(values, dict):
            values = values.setdefault(part, [] if isinstance(following, int) else {})
        else:
            values = values[part]
