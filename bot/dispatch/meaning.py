"""What an operator's message is: a command, the number that answers which of several, or an answer of a dialogue.

Commands win, also while a draft is open, but where its question could hardly be answered then. Words that the question
itself offers (yes and no) are answers, unless a preview waits for one of them. And where a question takes any text, a
text in quotes is an answer, and so is one that begins like a command and could not be carried out as one (今日有效;
Show before paying). Once all is answered, a question's name with its new answer (提醒=…) is a correction, and while the
preview waits the name alone asks for another one. A code alone, which answers nothing, is one to redeem. A message
that a draft has taken in is its answer for good: carried on after its process died, a yes to the last question is none
to the preview that came after it.
"""

from __future__ import annotations

import re

from bot.dialogue import Dialogue, Draft, move
from bot.errors import BadArgument
from bot.routing import signature
from bot.routing.context import Context
from bot.routing.router import Match, Routes
from bot.routing.signs import changes
from bot.routing.words import plain, split

NUMBER = re.compile(r"#?[1-9]\d{0,3}")
CODE = re.compile(r"(?:\d[\s\-–—]*){12}")
"""A claimed voucher's code as WeChat makes it, grouped or not."""


class Meant:
    """Finds it out for one set of routes; Redis is asked only where the words alone do not tell."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes

    async def by(self, ctx: Context, match: Match | None) -> Match | None:
        """What is to be carried out for ``ctx.sender``; ``match`` is the command that the words alone name.

        One that the sender may not use is none, as far as anything else may be meant.
        """
        if match and not match.command.open_to(ctx.sender):
            return await self._open(ctx, None) or match
        return await self._open(ctx, match)

    async def _open(self, ctx: Context, match: Match | None) -> Match | None:
        typed = plain(ctx.push.text).strip().lower()
        if match and match.sure and not match.line and typed not in self._routes.words:
            return match
        draft = await ctx.drafts.latest(ctx.operator)
        listens = draft is not None and (not draft.paused or draft.heard == ctx.push.identity)
        guided = self._routes.dialogues.get(draft.kind) if draft and listens else None
        if guided and draft and draft.heard == ctx.push.identity and not ctx.resumed:
            return Match(guided.command, "")
        if guided and draft and match and await self._answers(ctx, match, typed, guided.dialogue, draft):
            return Match(guided.command, "")
        if match is None and (picked := await self._picked(ctx, numbers_answer=guided is not None)):
            return picked
        if match is None and guided and draft and _open_to(ctx.push.text, guided.dialogue, draft):
            return Match(guided.command, "")
        return match or self._redeemed(typed)

    async def _answers(self, ctx: Context, match: Match, typed: str, dialogue: Dialogue, draft: Draft) -> bool:
        """Whether what also means the command of ``match`` is an answer to the question of ``draft`` all the same."""
        step = dialogue.step(draft)
        if step is None:
            named = dialogue.called(draft, typed) is not None and await self._names(ctx, match, draft)
            return named or ("=" in typed and _open_to(ctx.push.text, dialogue, draft))
        if typed in step.words:
            return await ctx.pending.peek(ctx.operator) is None
        if not step.prose or match.alone:
            return False
        return _quoted(ctx.push.text) or not await _carried_out(ctx, match)

    def _redeemed(self, typed: str) -> Match | None:
        """What a code alone asks for."""
        command = self._routes.named("redeem") if CODE.fullmatch(typed) else None
        return Match(command, typed, sure=False) if command else None

    async def _names(self, ctx: Context, match: Match, draft: Draft) -> bool:
        """Whether a question's name asks for it anew: one that only begins like a command (授权函) does, and any other
        (提醒) while the preview that says so waits."""
        if not match.sure:
            return True
        waiting = await ctx.pending.peek(ctx.operator)
        return waiting is not None and waiting.action == draft.kind

    async def _picked(self, ctx: Context, *, numbers_answer: bool) -> Match | None:
        """The command that asked which of several, if a number is all that was texted; ``#1`` while a draft is open."""
        number = plain(ctx.push.text).strip()
        if not NUMBER.fullmatch(number) or (numbers_answer and number[0] != "#"):
            return None
        if (question := await ctx.pending.asked(ctx.operator)) is None:
            return None
        if await ctx.vouchers.last_list(ctx.operator) != question.ids:
            return None  # numbers mean another list by now
        command = self._routes.named(question.command)
        return Match(command, question.answered(int(number.lstrip("#")))) if command else None


def _open_to(text: str, dialogue: Dialogue, draft: Draft) -> bool:
    """Whether ``draft`` has something to say to ``text``: with nothing left to ask, to moves and corrections only."""
    if dialogue.step(draft) or move(text) or dialogue.called(draft, text):
        return True
    head, pairs = changes(text)
    return not head and any(dialogue.called(draft, pair.key) for pair in pairs)


def _quoted(text: str) -> bool:
    found = split(text)
    return len(found) == 1 and found[0].quoted


async def _carried_out(ctx: Context, match: Match) -> bool:
    """Whether ``match`` is a command as written: its arguments can be read, and the voucher it names is known."""
    grammar = match.command.grammar
    try:
        bound = signature.bind(grammar, match.line)
    except BadArgument:
        return False
    named = [bound[each.name] for each in grammar if each.kind.name == "voucher" and bound[each.name]]
    return all([await ctx.vouchers.is_known(str(words)) for words in named])
