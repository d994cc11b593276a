"""From pydantic's list of errors to one sentence for an administrator."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.shape import Loc, options_at

KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "text in quotes",
    "path_type": "a folder in quotes",
    "tuple_type": "a list",
    "model_type": "a section",
    "mapping_type": "a section",
    "dict_type": "a section",
    "finite_number": "a finite number",
}
BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
SECRETS = ("secret", "token", "key", "url")


def sentence(error: ValidationError, model: type[BaseModel], file: str, origins: Mapping[Loc, str]) -> str:
    """The mistake worth telling first: an unknown option goes before the missing one it was meant to be.

    ``origins`` says which values came from which environment variable; those are named instead of the file.
    """
    details = sorted(error.errors(), key=lambda each: each["type"] != "extra_forbidden")[0]
    loc = tuple(part for part in details["loc"] if part != "[key]")
    says = _says(details, options_at(model, loc[:-1]))
    if loc in origins:
        return f"{origins[loc]} {says}"
    joint = "" if says.startswith(".") or not loc else " "
    return f"{file}: {dotted(loc)}{joint}{says}"


def dotted(loc: Sequence[int | str]) -> str:
    """``("accounts", 0, "secret")`` as ``accounts[0].secret``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")


def nearest(word: str, options: Sequence[str]) -> str:
    """``did you mean …`` or all there is."""
    close = difflib.get_close_matches(word, options, 1)
    return f'did you mean "{close[0]}"?' if close else f"expected one of {', '.join(options)}"


def _says(details: ErrorDetails, siblings: Sequence[str]) -> str:
    kind, context, name = details["type"], details.get("ctx", {}), str((details["loc"] or ("",))[-1])
    if kind == "extra_forbidden" or name == "[key]":
        return f"is not an option, {nearest(str(details['input'] if name == '[key]' else name), siblings)}"
    if kind == "missing":
        return "is missing, expected a value"
    if kind == "value_error":
        return str(context["error"])
    found = _shown(name, details["input"])
    if kind == "literal_error":
        expected = context["expected"].replace("'", '"')
    elif kind in BOUNDS:
        limit, words = BOUNDS[kind]
        expected = f"{words} {context[limit]:g}"
    else:
        expected = KINDS.get(kind, details["msg"].lower())
    return f"is {found}, expected {expected}"


def _shown(name: str, value: Any) -> str:
    """What was found; of a secret only its kind."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a section"
    if isinstance(value, list | tuple):
        return "a list"
    if any(word in name for word in SECRETS):
        return "text" if isinstance(value, str) else "a number"
    return f'"{value}"' if isinstance(value, str) else str(value)
