"""A handler's signature as a grammar: which words of a line are whose.

Kinds with a width (a day, a role) take words from an end of the line; the one kind without (a voucher, a name) takes
what is left. Nobody has to remember an order: ``stats 7d 春节券`` and ``stats 春节券 7d`` are the same line.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import BadArgument
from bot.routing import words
from bot.routing.arguments import Flag, Kind, _ChangesKind


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a command."""

    name: str
    kind: Kind
    required: bool
    default: Any = None


def parameters(handler: Callable[..., Any]) -> tuple[Parameter, ...]:
    """The parameters of ``handler`` after its context; TypeError when one is not annotated with a kind."""
    hints = typing.get_type_hints(handler, include_extras=True)
    found = []
    for name, parameter in list(inspect.signature(handler).parameters.items())[1:]:
        kind = _kind(hints[name])
        if kind is None:
            raise TypeError(f"{handler.__module__}.{handler.__name__}: {name} is not annotated with a kind of argument")
        required = parameter.default is inspect.Parameter.empty
        found.append(Parameter(name, kind, required, None if required else parameter.default))
    return tuple(found)


def _kind(hint: Any) -> Kind | None:
    for candidate in (hint, *typing.get_args(hint)):
        for mark in getattr(candidate, "__metadata__", ()):
            if isinstance(mark, Kind):
                return mark
    return None


def bind(grammar: Sequence[Parameter], line: str) -> dict[str, Any]:
    """The values in ``line`` by parameter name; :exc:`BadArgument` says which one is missing, wrong or too much."""
    bound: dict[str, Any] = {}
    if any(isinstance(parameter.kind, _ChangesKind) for parameter in grammar):
        line = _bind_changes(grammar, line, bound)
    rest = words.split(line)
    for parameter in sorted(grammar, key=lambda each: not isinstance(each.kind, Flag)):
        if parameter.kind.widest:
            behind = any(not earlier.kind.widest for earlier in grammar[: grammar.index(parameter)])
            rest = _take(parameter, rest, bound, from_the_right=behind)
    return _bind_rest(grammar, line, rest, bound)


def _bind_changes(grammar: Sequence[Parameter], line: str, bound: dict[str, Any]) -> str:
    parameter = next(each for each in grammar if isinstance(each.kind, _ChangesKind))
    head, found = words.pairs(line)
    changes: dict[str, str] = {}
    for pair in found:
        if pair.key in changes:
            raise BadArgument("argument_twice", found=pair.key)
        changes[pair.key] = pair.value
    if not changes and parameter.required:
        raise BadArgument("argument_missing", argument=parameter.kind.name)
    bound[parameter.name] = changes
    return head


def _take(
    parameter: Parameter, rest: list[words.Word], bound: dict[str, Any], *, from_the_right: bool
) -> list[words.Word]:
    """Give ``parameter`` the widest run of words at one end that it can read; the words it leaves."""
    for right in (from_the_right, not from_the_right):
        for width in range(min(parameter.kind.widest, len(rest)), 0, -1):
            taken, left = (rest[-width:], rest[:-width]) if right else (rest[:width], rest[width:])
            if any(word.quoted for word in taken) and isinstance(parameter.kind, Flag):
                continue
            value = parameter.kind.read(" ".join(word.text for word in taken))
            if value is not None:
                bound[parameter.name] = value
                return left
    return _take_tail(parameter, rest, bound)


def _take_tail(parameter: Parameter, rest: list[words.Word], bound: dict[str, Any]) -> list[words.Word]:
    """As :func:`_take`, from the end of the last word: people leave out the space (延期春节券2月28日)."""
    if not rest or rest[-1].quoted or not parameter.kind.ends_words:
        return rest
    last = rest[-1]
    for length in range(len(last.text) - 1, 1, -1):
        head, tail = last.text[:-length], last.text[-length:]
        if not head[-1].isascii() and (value := parameter.kind.read(tail)) is not None:
            bound[parameter.name] = value
            return [*rest[:-1], words.Word(head, last.start, last.end - length)]
    return rest


def _bind_rest(
    grammar: Sequence[Parameter], line: str, rest: list[words.Word], bound: dict[str, Any]
) -> dict[str, Any]:
    for parameter in grammar:
        if parameter.name in bound:
            continue
        if parameter.kind.widest == 0 and rest:
            text = _text(line, rest)
            bound[parameter.name] = parameter.kind.read(text)
            if bound[parameter.name] is None:
                raise BadArgument("argument_wrong", argument=parameter.kind.name, found=text)
            rest = []
        elif not parameter.required:
            bound[parameter.name] = parameter.default
        elif rest or _last_word(line):
            raise BadArgument("argument_wrong", argument=parameter.kind.name, found=_last_word(line))
        else:
            raise BadArgument("argument_missing", argument=parameter.kind.name)
    if rest:
        raise BadArgument("argument_extra", found=_text(line, rest))
    return bound


def _last_word(line: str) -> str:
    found = words.split(line)
    return found[-1].text if len(found) > 1 else ""


def _text(line: str, taken: list[words.Word]) -> str:
    if len(taken) == 1:
        return taken[0].text
    return words.unquote(line[taken[0].start : taken[-1].end])
