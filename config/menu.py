"""The operators' menu as settings write it: ``"name = command"``, and ``"parent / name = command"`` below a button.

Source: "custom menu": three buttons of at most 16 UTF-8 bytes, each with five below it of at most 60, keys of 128.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_BUTTONS, MOST_BELOW = 3, 5
NAME_BYTES, BELOW_BYTES, COMMAND_BYTES = 16, 60, 100
SCAN = "scan"
"""The command of the button that opens the scanner."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends ``command``, or one that only holds ``below``."""

    name: str
    command: str = ""
    below: tuple[Button, ...] = ()


def parse(entries: Iterable[str]) -> tuple[Button, ...]:
    """The buttons of ``entries``, in their order; ValueError says what was found and what is expected."""
    top: dict[str, Button] = {}
    for entry in entries:
        place, equals, command = (part.strip() for part in entry.partition("="))
        parent, slash, name = (part.strip() for part in place.rpartition("/"))
        if not (equals and command and name) or bool(slash) is not bool(parent):
            raise ValueError(f'has "{entry}", expected "name = command" or "parent / name = command"')
        _short("command", command, COMMAND_BYTES)
        if not parent:
            _short("name", name, NAME_BYTES)
            if name in top:
                raise ValueError(f'has "{name}" twice, expected a button once')
            top[name] = Button(name, command)
            continue
        _short("name", parent, NAME_BYTES)
        _short("name", name, BELOW_BYTES)
        above = top.get(parent, Button(parent))
        if above.command:
            raise ValueError(f'has "{parent}" with a command and with buttons below it, expected one of the two')
        top[parent] = Button(parent, below=(*above.below, Button(name, command)))
        if len(top[parent].below) > MOST_BELOW:
            raise ValueError(f'has more than {MOST_BELOW} buttons below "{parent}", expected {MOST_BELOW} at most')
    if len(top) > MOST_BUTTONS:
        raise ValueError(f"has {len(top)} buttons side by side, expected {MOST_BUTTONS} at most")
    return tuple(top.values())


def _short(what: str, text: str, most: int) -> None:
    if (length := len(text.encode())) > most:
        raise ValueError(f'has the {what} "{text}" of {length} bytes, expected {most} at most')
