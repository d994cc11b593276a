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
from bot.routing import signs, words
from bot.routing.arguments import Flag, Kind, _ChangesKind

_COMMAS = ",;、"
_LONGEST_GLUED = 60
"""Characters. No span of days is longer; every tail of a text of 16,000 would be read for half a minute."""


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
    flags = [each for each in grammar if isinstance(each.kind, Flag)]
    others = [each for each in grammar if each not in flags]
    # A flag in the middle comes to an end once the others have taken their words, and may have kept them from theirs.
    for parameter in (*flags, *others, *flags, *others):
        if parameter.kind.widest and parameter.name not in bound:
            behind = any(not earlier.kind.widest for earlier in grammar[: grammar.index(parameter)])
            rest = _take(parameter, rest, bound, from_the_right=behind)
    return _bind_rest(grammar, line, rest, bound)


def _bind_changes(grammar: Sequence[Parameter], line: str, bound: dict[str, Any]) -> str:
    parameter = next(each for each in grammar if isinstance(each.kind, _ChangesKind))
    head, found = signs.changes(line)
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
            value = parameter.kind.read(" ".join(word.text for word in taken).strip(_COMMAS))
            if value is not None:
                bound[parameter.name] = value
                return left
    return _take_tail(parameter, rest, bound)


def _take_tail(parameter: Parameter, rest: list[words.Word], bound: dict[str, Any]) -> list[words.Word]:
    """As :func:`_take`, from inside a word: people leave out the space (延期春节券2月28日, 邀请店长小王)."""
    if rest and not rest[-1].quoted and parameter.kind.ends_words:
        last = rest[-1]
        for length in range(min(len(last.text) - parameter.kind.least_before, _LONGEST_GLUED), 1, -1):
            head, tail = last.text[:-length], last.text[-length:]
            apart = not head[-1].isascii() or head[-1] in _COMMAS or _flag_after_number(parameter, tail)
            if apart and (value := parameter.kind.read(tail.strip(_COMMAS))) is not None:
                bound[parameter.name] = value
                return [*rest[:-1], words.Word(head, last.start, last.end - length)]
        return _take_head(parameter, rest, bound)
    return rest


def _flag_after_number(parameter: Parameter, tail: str) -> bool:
    """Whether a Chinese flag follows a number or a Latin letter at once (12重交); no day may: 12月底 is not 月底."""
    return isinstance(parameter.kind, Flag) and not tail[0].isascii()


def _take_head(parameter: Parameter, rest: list[words.Word], bound: dict[str, Any]) -> list[words.Word]:
    """As :func:`_take_tail`, from the beginning of the first word: before a comma, or glued if its kind may be."""
    first = rest[0]
    for length in range(min(len(first.text) - 1, _LONGEST_GLUED), 1, -1):
        head, tail = first.text[:length], first.text[length:]
        apart = tail[0] in _COMMAS or (parameter.kind.begins_words and not tail[0].isascii())
        if apart and not first.quoted and (value := parameter.kind.read(head)) is not None:
            bound[parameter.name] = value
            return [words.Word(tail.lstrip(_COMMAS), first.start + length, first.end), *rest[1:]]
    return rest


def _bind_rest(
    grammar: Sequence[Parameter], line: str, rest: list[words.Word], bound: dict[str, Any]
) -> dict[str, Any]:
    for parameter in grammar:
        if parameter.name in bound:
            continue
        # Signs alone (查看 、) name nothing.
        if parameter.kind.widest == 0 and rest and (text := _text(line, rest)):
            bound[parameter.name] = parameter.kind.read(text)
            if bound[parameter.name] is None:
                raise BadArgument("argument_wrong", argument=parameter.kind.name, found=text)
            rest = []
        elif not parameter.required:
            bound[parameter.name] = parameter.default
        elif (rest and _text(line, rest)) or _word_for(parameter, grammar, line):
            found = _word_for(parameter, grammar, line)
            raise BadArgument("argument_wrong", argument=parameter.kind.name, found=found)
        else:
            raise BadArgument("argument_missing", argument=parameter.kind.name)
    if rest:
        raise BadArgument("argument_extra", found=_text(line, rest))
    return bound


def _word_for(parameter: Parameter, grammar: Sequence[Parameter], line: str) -> str:
    """The word that stands where ``parameter`` should: the first or the last of several.

    "" if there is one only, and it may be another argument.
    """
    found = words.split(line)
    if not found or (len(found) == 1 and any(each.required for each in grammar if each is not parameter)):
        return ""
    return found[0 if grammar.index(parameter) == 0 else -1].text


def _text(line: str, taken: list[words.Word]) -> str:
    if len(taken) == 1:
        return taken[0].text if taken[0].quoted else taken[0].text.strip(_COMMAS)
    return words.unquote(line[taken[0].start : taken[-1].end])
