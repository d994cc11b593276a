"""How a guided dialogue is walked in the chat: what is sent is an answer or a move, and the next thing is asked.

The table of questions (:mod:`bot.dialogue`) is pure; what a kind of draft needs besides stands in a subclass of
:class:`Walk`, in its handler. The templates of a kind have the macros ``question``, ``stopped``, ``not_a_correction``.
"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.dialogue import Dialogue, Draft, Move, Said, Step, Values, move
from bot.errors import OutcomeUnknown, TokenRejected, WeChatUnreachable
from bot.routing.context import Context
from bot.routing.reply import Reply
from bot.routing.signs import changes
from bot.routing.words import split
from bot.vouchers.fields import Field
from bot.vouchers.remarks import Kind, Remark, Unreadable, remark
from bot.vouchers.showing import brief


@dataclass(frozen=True, slots=True)
class Taken:
    """What was sent: its text, what reading it takes ``around`` it, and what is odd about it, if anything."""

    text: str
    around: Mapping[str, Any] = field(default_factory=dict)
    note: Remark | None = None


class Walk(ABC):
    """The walk through ``dialogue`` for drafts of ``kind``, in the words of ``template``.

    ``pictures`` names the steps that a picture answers, with the megabytes it may have.
    """

    def __init__(self, kind: str, dialogue: Dialogue, template: str, pictures: Mapping[str, int]) -> None:
        self.kind = kind
        self.dialogue = dialogue
        self._template = template
        self._pictures = pictures

    @abstractmethod
    def field_of(self, step: str) -> Field:
        """What remarks about the answer to ``step`` call it."""

    @abstractmethod
    async def picture(self, ctx: Context, step: Step) -> Taken:
        """Give the picture that was sent to WeChat; raises Unreadable and the WeChatError tree."""

    @abstractmethod
    async def preview(self, ctx: Context, draft: Draft, note: Remark | None) -> Reply:
        """Show all of it and offer the yes."""

    def forbidden(self, values: Values) -> tuple[str, Remark] | None:
        """The step whose answer does not fit any more, and why."""
        return None

    async def offers(self, ctx: Context, step: Step, values: Values) -> list[dict[str, Any]]:
        """What may be chosen by its number; ``value`` is what it stands for."""
        return []

    async def around(self, ctx: Context, step: Step, text: str) -> dict[str, Any]:
        """What else is looked up to read ``text``."""
        return {}

    async def facts(self, ctx: Context, step: Step, values: Values) -> dict[str, Any]:
        """Further arguments of the question."""
        return {}

    def about(self, draft: Draft) -> dict[str, Any]:
        """Further arguments of ``stopped`` and ``not_a_correction``."""
        return {}

    async def begin(self, ctx: Context, given: Values, answers: Mapping[str, Values] | None = None) -> Reply:
        """Ask the first question of a new draft that has no answer yet."""
        draft = Draft(self.kind, secrets.token_hex(8), given, answers or {})
        return await self.onward(ctx, self.dialogue.onward(draft))

    async def resume(self, ctx: Context, draft: Draft) -> Reply:
        """Go on where ``draft`` stands."""
        return await self.onward(ctx, replace(draft, paused=False), resumed=True)

    async def take(self, ctx: Context) -> Reply:
        """Read what was sent as the answer to the draft's question, or as a move between questions."""
        draft = await ctx.drafts.of(ctx.operator, self.kind)
        if draft is None:
            raise LookupError("the draft is gone")
        moved = move(ctx.push.text) if ctx.push.is_text else None
        step = self.dialogue.step(draft)
        if moved is Move.STOP:
            return await self._stopped(ctx, draft)
        if draft.heard == ctx.push.identity:
            return await self.onward(ctx, draft)
        if moved is Move.BACK:
            return await self.onward(ctx, self.dialogue.back(draft) or draft)
        if step is None:
            return await self._corrected(ctx, draft)
        if moved is Move.SKIP:
            skipped = self.dialogue.skipped(draft, step)
            needed = remark(Kind.NEEDED, self.field_of(step.name), ctx.push.text)
            return await self.onward(ctx, skipped or draft, problem=None if skipped else needed)
        return await self._answered(ctx, draft, step)

    async def onward(
        self, ctx: Context, draft: Draft, *, problem: Remark | None = None, note: Remark | None = None,
        resumed: bool = False, facts: Mapping[str, Any] | None = None,
    ) -> Reply:  # fmt: skip
        """Keep ``draft`` and ask what it asks next; with nothing left to ask, preview.

        An earlier preview of whatever is void: the latest question gets the next yes. ``facts`` are arguments of the
        question in place of its own.
        """
        dropped = await ctx.pending.drop(ctx.operator) is not None
        if not draft.at and (late := self.forbidden(self.dialogue.values(draft))):
            draft, problem = replace(draft, at=late[0]), late[1]
        await ctx.drafts.keep(ctx.operator, replace(draft, heard=ctx.push.identity))
        step = self.dialogue.step(draft)
        if step is None:
            return await self.preview(ctx, draft, note)
        number, count = self._place(draft)
        values = self.dialogue.values(draft, step.name)
        return Reply(
            f"{self._template}.question", step=step.name, number=number, count=count, optional=step.optional,
            problem=brief([problem])[0] if problem else None, note=note, resumed=resumed, dropped=dropped,
            answered=step.name in draft.answers,
            offers=await self.offers(ctx, step, values), **{**await self.facts(ctx, step, values), **(facts or {})},
        )  # fmt: skip

    async def _stopped(self, ctx: Context, draft: Draft) -> Reply:
        dropped = await ctx.pending.drop(ctx.operator) is not None
        await ctx.drafts.keep(ctx.operator, replace(draft, paused=True, heard=ctx.push.identity))
        number, count = self._place(draft)
        return Reply(f"{self._template}.stopped", number=number, count=count, dropped=dropped, **self.about(draft))

    async def _answered(self, ctx: Context, draft: Draft, step: Step) -> Reply:
        try:
            taken = await self._taken(ctx, step)
            values = step.read(await self._said(ctx, draft, step, taken))
        except Unreadable as unreadable:
            return await self.onward(ctx, draft, problem=unreadable.remark)
        except _NotTaken:
            return Reply("dialogue.picture_not_taken")
        return await self.onward(ctx, self.dialogue.answered(draft, step, values), note=taken.note)

    async def _corrected(self, ctx: Context, draft: Draft) -> Reply:
        """With nothing left to ask: ``提醒=…`` gives one answer anew, ``提醒`` alone asks for it."""
        if not ctx.push.is_text:
            return await self.onward(ctx, draft)
        head, pairs = changes(ctx.push.text)
        if not pairs and (step := self.dialogue.called(draft, ctx.push.text)):
            return await self.onward(ctx, replace(draft, at=step.name))
        for pair in pairs:
            step = None if head else self.dialogue.called(draft, pair.key)
            if step is None:
                break
            try:
                values = step.read(await self._said(ctx, draft, step, Taken(pair.value)))
            except Unreadable as unreadable:
                return await self.onward(ctx, replace(draft, at=step.name), problem=unreadable.remark)
            draft = self.dialogue.answered(draft, step, values)
        else:
            if pairs:
                return await self.onward(ctx, draft)
        return Reply(f"{self._template}.not_a_correction", found=ctx.push.text[:20], **self.about(draft))

    async def _taken(self, ctx: Context, step: Step) -> Taken:
        """What was typed, or a picture once WeChat keeps it."""
        if ctx.push.is_text:
            return Taken(_unquoted(ctx.push.text))
        if step.name not in self._pictures:
            raise Unreadable(remark(Kind.SEND_TEXT, self.field_of(step.name)))
        if ctx.push.type != "image":
            most = self._pictures[step.name]
            raise Unreadable(remark(Kind.SEND_PICTURE, self.field_of(step.name), most=most))
        try:
            return await self.picture(ctx, step)
        except (OutcomeUnknown, WeChatUnreachable, TokenRejected) as error:
            raise _NotTaken from error

    async def _said(self, ctx: Context, draft: Draft, step: Step, taken: Taken) -> Said:
        values = self.dialogue.values(draft, step.name)
        offered = [offer["value"] for offer in await self.offers(ctx, step, values)]
        around = {"offered": offered, **await self.around(ctx, step, taken.text), **taken.around}
        return Said(taken.text, values, around)

    def _place(self, draft: Draft) -> tuple[int, int]:
        """Which question it is, of how many as far as is known."""
        names = [step.name for step in self.dialogue.asked(draft)]
        return (names.index(draft.at) + 1 if draft.at in names else len(names)), len(names)


class _NotTaken(Exception):
    """WeChat did not take a picture; it may be sent again."""


def _unquoted(text: str) -> str:
    """A text that is all in quotes without them: so an answer may begin like a command."""
    found = split(text)
    return found[0].text if len(found) == 1 and found[0].quoted else text
