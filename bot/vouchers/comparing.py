"""What a voucher holds, and when two values are the same to WeChat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.vouchers.colors import color_name
from bot.vouchers.fields import Field, Kind

_HOURS = ("begin_hour", "begin_minute", "end_hour", "end_minute")


def held(detail: Mapping[str, Any], field: Field) -> Any:
    """The value of ``field`` in the type object of card/get, None where it is absent."""
    value: Any = detail
    for key in field.path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def same(field: Field, one: Any, other: Any) -> bool:
    """Whether WeChat means the same by both: colours by name, sets without order, absent as empty."""
    return bool(canonical(field, one) == canonical(field, other))


def canonical(field: Field, value: Any) -> Any:
    """A JSON value that is equal for all spellings of one meaning."""
    reading: Callable[[Any], Any] = _CANONICAL.get(field.kind, _text)
    return reading(value)


def entries(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list of objects; whatever else card/get may hold there is left out."""
    return [entry for entry in _items(value) if isinstance(entry, Mapping)]


def _items(value: Any) -> list[Any]:
    """A list; a single value is a list of one, as ``"0"``, with which card/update is told to clear the stores."""
    return list(value) if isinstance(value, (list, tuple)) else [] if value in (None, "") else [value]


def _text(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n")


def _color(value: Any) -> str:
    return color_name(_text(value)) or _text(value).lower()


def members(value: Any) -> list[str]:
    """The members of a set: stores or services."""
    return sorted({str(item) for item in _items(value)} - {"0"})


def _list(value: Any) -> list[str]:
    return [str(item) for item in _items(value)]


def _flag(value: Any) -> bool | None:
    return None if value is None else value in (True, 1, "1", "true")


def _whole(value: Any) -> Any:
    """An integer that came as text is the integer."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


def _number(value: Any) -> Any:
    return _whole(value or 0)


def _hours(value: Any) -> list[list[str]]:
    """One row per entry, days alone without times; WeChat gives them no order."""
    return sorted(
        [_text(entry.get("type"))]
        + [str(_whole(entry.get(name) or 0)) for name in _HOURS if entry.keys() & {"begin_hour", "end_hour"}]
        for entry in entries(value)
    )


def _pictures(value: Any) -> list[list[str]]:
    return [[_text(entry.get("image_url")), _text(entry.get("text"))] for entry in entries(value)]


def _shared(value: Any) -> list[list[str]]:
    return sorted([_text(entry.get("card_id")), str(entry.get("num", 1))] for entry in entries(value))


_CANONICAL: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.COLOR: _color,
    Kind.STORES: members,
    Kind.SERVICES: members,
    Kind.COVER: _list,
    Kind.SHARE_SELF: _number,
    Kind.COUNT: _whole,
    Kind.FIRST_DAY: _whole,
    Kind.LAST_DAY: _whole,
    Kind.FLAG: _flag,
    Kind.HOURS: _hours,
    Kind.PICTURES: _pictures,
    Kind.SHARE_LIST: _shared,
}
