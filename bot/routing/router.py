"""Routers of the handlers, and all of them joined: from a word to its command, from an event to its handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.dialogue import Dialogue
from bot.merchants.pending import Preview
from bot.merchants.people import Operator, Role
from bot.routing import signature, words
from bot.routing.context import Confirmation, Context
from bot.routing.reply import Notice, Reply

CommandHandler = Callable[..., Awaitable[Reply | tuple[Reply, list[Notice]]]]
EventHandler = Callable[[Context], Awaitable[list[Notice]]]
Confirmed = Callable[[Context, dict[str, Any]], Awaitable[Reply]]
Answering = Callable[[Context], Awaitable[Reply]]
SECTIONS = ("vouchers", "numbers", "people", "account")
_PUNCTUATION = " 。.!?！？,，;；"
_BEFORE_ARGUMENTS = " \n\t　:：,，、"
"""Signs between a command and its arguments that mean nothing: 查看：春节券."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its English and Chinese word, the least role that may use it (None: anybody), and its grammar."""

    name: str
    chinese: str
    role: Role | None
    section: str
    example: str
    template: str
    handler: CommandHandler
    grammar: tuple[signature.Parameter, ...]
    details: Callable[[Context], dict[str, Any]] | None = None
    also: tuple[str, ...] = ()
    previews: bool = False
    looks_first: bool = False
    any_shop: bool = False
    several: bool = False

    def open_to(self, sender: Operator | None) -> bool:
        """Whether ``sender`` may use it."""
        return self.role is None or (sender is not None and sender.role >= self.role)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A handler that runs every so many minutes for each account.

    ``where`` names, for an appid, the key without which there is nothing to do; None: there may always be something.
    """

    name: str
    minutes: int
    handler: EventHandler
    where: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Guided:
    """A dialogue and what its answers are given to: a command without words of its own."""

    dialogue: Dialogue
    command: Command


@dataclass
class Router:
    """What one handler module registers."""

    section: str = "account"
    commands: list[Command] = field(default_factory=list)
    events: dict[str, EventHandler] = field(default_factory=dict)
    confirmations: dict[str, Confirmation] = field(default_factory=dict)
    schedules: list[Schedule] = field(default_factory=list)
    dialogues: dict[str, Guided] = field(default_factory=dict)

    def command(
        self,
        name: str,
        chinese: str,
        *,
        role: Role | None,
        example: str,
        details: Callable[[Context], dict[str, Any]] | None = None,
        also: tuple[str, ...] = (),
        previews: bool = False,
        looks_first: bool = False,
        any_shop: bool = False,
        several: bool = False,
    ) -> Callable[[CommandHandler], CommandHandler]:
        """Register a command under its English and its Chinese word.

        ``details`` gives the arguments of the template's macro ``details_<name>`` for a longer help page. ``also`` are
        further words that mean the command when nothing else is said; help does not name them. ``previews``: it answers
        with a preview; one that could not be read voids the preview before it, so that a yes never means that one.
        ``looks_first``: where a process died in the middle of it, it may be run again, since it does nothing twice.
        ``any_shop``: what it says is of no one shop, so nobody has to say for which they speak. ``several``: of use to
        people with several shops only, so help does not name it to others.
        """

        def register(handler: CommandHandler) -> CommandHandler:
            grammar = signature.parameters(handler)
            template = handler.__module__.rpartition(".")[2]
            self.commands.append(
                Command(
                    name, chinese, role, self.section, example, template, handler, grammar, details, also, previews,
                    looks_first, any_shop, several,
                )
            )  # fmt: skip
            return handler

        return register

    def event(self, *names: str) -> Callable[[EventHandler], EventHandler]:
        """Register for events by their lower-case names."""

        def register(handler: EventHandler) -> EventHandler:
            self.events.update(dict.fromkeys(names, handler))
            return handler

        return register

    def confirms(self, action: str, *, looks_first: bool = False) -> Callable[[Confirmed], Confirmed]:
        """Register what ``yes`` does to a preview of ``action``; ``looks_first`` as for commands.

        Where WeChat cannot be reached it need not say so: the preview is offered once more.
        """

        def register(function: Confirmed) -> Confirmed:
            self.confirmations[action] = Confirmation(function, looks_first)
            return function

        return register

    def dialogue(self, kind: str, dialogue: Dialogue, *, role: Role) -> Callable[[Answering], Answering]:
        """Register what gets the answers of people with an open draft of ``kind``: whatever they send, as pushed.

        An answer must do no harm when it is carried out twice: after a process died at it, it is carried out again.
        """

        def register(handler: Answering) -> Answering:
            template = handler.__module__.rpartition(".")[2]
            answers = Command(kind, "", role, self.section, "", template, handler, (), looks_first=True)
            self.dialogues[kind] = Guided(dialogue, answers)
            return handler

        return register

    def schedule(
        self, name: str, *, minutes: int, where: Callable[[str], str] | None = None
    ) -> Callable[[EventHandler], EventHandler]:
        """Register what is done every ``minutes`` for each account, once however many processes run."""

        def register(handler: EventHandler) -> EventHandler:
            self.schedules.append(Schedule(name, minutes, handler, where))
            return handler

        return register


@dataclass(frozen=True, slots=True)
class Match:
    """A command and the line of its arguments.

    ``sure``: the line begins with the command's own word, which stands alone and without quotes. ``alone``: all of the
    text is a further word for the command.
    """

    command: Command
    line: str
    sure: bool = True
    alone: bool = False


class Routes:
    """All routers joined."""

    def __init__(self, routers: Iterable[Router]) -> None:
        self.commands: list[Command] = []
        self.events: dict[str, EventHandler] = {}
        self.schedules: list[Schedule] = []
        self.dialogues: dict[str, Guided] = {}
        self._confirmations: dict[str, Confirmation] = {}
        self._of_action: dict[str, str] = {}
        for router in routers:
            self.commands += router.commands
            if len(router.commands) == 1:
                self._of_action.update(dict.fromkeys(router.confirmations, router.commands[0].name))
            self.events.update(router.events)
            self.schedules += router.schedules
            self.dialogues.update(router.dialogues)
            self._confirmations.update(router.confirmations)
        self.commands.sort(key=lambda command: (SECTIONS.index(command.section), command.role or 0, command.name))
        self._by_word = {word: command for command in self.commands for word in (command.name, command.chinese)}
        self._alone = {word: command for command in self.commands for word in command.also}
        self.words = frozenset().union(*(guided.dialogue.words for guided in self.dialogues.values()))

    def confirmation(self, action: str) -> Confirmation:
        """What ``yes`` does to a preview of ``action``; KeyError for one no handler registered."""
        return self._confirmations[action]

    def command_of(self, preview: Preview) -> Command | None:
        """The command that made ``preview``, or whose module carries it out."""
        return self.named(preview.command) or self.named(self._of_action.get(preview.action, ""))

    def names_of(self, preview: Preview) -> frozenset[str]:
        """The English words of the command that made ``preview`` and of the one whose deed it is: undo moves stock."""
        return frozenset({preview.command, self._of_action.get(preview.action, "")}) - {""}

    def previewing(self) -> frozenset[str]:
        """The English words of the commands that wait for a yes."""
        return frozenset(self._of_action.values()) | {command.name for command in self.commands if command.previews}

    def named(self, word: str) -> Command | None:
        """The command called ``word`` in either language, typed as on a phone."""
        return self._by_word.get(words.plain(word).strip(_PUNCTUATION).lower())

    def match(self, text: str) -> Match | None:
        """The command ``text`` begins with, also where no space follows a Chinese word (修改春节券, 统计7天)."""
        text = text.strip()
        first = words.split(text)
        if not first:
            return None
        head, line = first[0].text, text[first[0].end :].strip()
        if command := self.named(head):
            return Match(command, line, sure=not first[0].quoted)
        if alone := self._alone.get(words.plain(text).strip(_PUNCTUATION).lower()):
            return Match(alone, "", sure=False, alone=True)
        start = words.plain(text)
        glued = [word for word in self._by_word if len(word) > 1 and start.lower().startswith(word)]
        glued = [word for word in glued if not word.isascii() or not start[len(word) : len(word) + 1].isalpha()]
        if not glued:
            return None
        word = max(glued, key=len)
        return Match(self._by_word[word], text[len(word) :].lstrip(_BEFORE_ARGUMENTS).rstrip(), sure=False)

    def allowed(self, sender: Operator | None) -> list[Command]:
        """The commands ``sender`` may use, in the order help shows them."""
        return [command for command in self.commands if command.open_to(sender)]

    def is_answer(self, match: Match | None) -> bool:
        """Whether a text answers something that was asked before: yes, no, a number, or no command at all."""
        return match is None or match.command.name in ("yes", "no")

    def nearest(self, text: str, sender: Operator, titles: Iterable[str] = ()) -> str | None:
        """The command word or voucher title that ``text`` looks like, of those ``sender`` may use; else None."""
        typed = words.plain(text).strip(_PUNCTUATION).lower()
        head = typed.split()[0] if typed.split() else ""
        # A command that is not theirs is no slip in another one.
        allowed = [] if self.named(head) else self.allowed(sender)
        known = [word for command in allowed for word in (command.name, command.chinese)]
        found = process.extractOne(head, known, scorer=OSA.normalized_similarity, score_cutoff=0.49)
        titles = list(titles)
        titled = process.extractOne(typed, titles, scorer=OSA.normalized_similarity, score_cutoff=0.6)
        best = max((each for each in (found, titled) if each), key=lambda each: each[1], default=None)
        return str(best[0]) if best else _containing(typed, titles) or _glued(typed, known)


def _containing(typed: str, titles: list[str]) -> str | None:
    """The shortest of ``titles`` that ``typed`` is a piece of; one letter is no piece."""
    return min((title for title in titles if typed in title.lower()), key=len, default=None) if len(typed) > 1 else None


def _glued(typed: str, known: list[str]) -> str | None:
    """The Chinese word that ``typed`` begins with but for a slip, with no space after it (统讣7天)."""
    best = max(
        ((OSA.normalized_similarity(typed[: len(word)], word), word) for word in known if not word.isascii()),
        default=(0.0, ""),
    )
    return best[1] if best[0] >= 0.49 else None
