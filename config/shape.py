"""Walking the models by a path of keys: what may stand at ``("accounts", 0, "mode")``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

Loc = tuple[int | str, ...]


def kind_at(model: type[BaseModel], loc: Sequence[int | str]) -> Any:
    """The type the models want at ``loc``: a model, ``tuple``, ``Mapping`` or a plain type; None if nothing may."""
    kind: Any = model
    for part in loc:
        kind = _plain(_inside(kind, part))
    return kind


def options_at(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """The names of the options of the section at ``loc``."""
    kind = kind_at(model, loc)
    if is_section(kind):
        return sorted(kind.model_fields)
    if get_origin(kind) is Mapping:
        return [str(name) for name in get_args(get_args(kind)[0])]
    return []


def is_section(kind: Any) -> bool:
    """True for a model."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def is_list(kind: Any) -> bool:
    """True for ``tuple[X, ...]``."""
    return get_origin(kind) is tuple


def is_table(kind: Any) -> bool:
    """True for ``Mapping[NAME, X]``."""
    return get_origin(kind) is Mapping


def _inside(kind: Any, part: int | str) -> Any:
    if is_section(kind) and part in kind.model_fields:
        return kind.model_fields[part].annotation
    if is_list(kind) and isinstance(part, int):
        return get_args(kind)[0]
    if is_table(kind) and part in get_args(get_args(kind)[0]):
        return get_args(kind)[1]
    return None


def _plain(kind: Any) -> Any:
    """``kind`` without ``Annotated``, ``| None`` and ``Literal``."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        kind = next(one for one in get_args(kind) if one is not NoneType)
    return str if get_origin(kind) is Literal else kind
