"""What becomes of an operator who stops following the account, and of one who follows again. Pure.

Whoever unfollows is suspended: the role is kept, counts for nothing, and brings no notices. It counts again when they
follow within :data:`RETURN_SECONDS`, or as soon as an owner gives them a role. Times are WeChat's (CreateTime), since
events may come late and out of order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.merchants.roster import Operator, Roster

RETURN_SECONDS = 7 * 86_400
"""So long a person may be away and find the role as it was; after that an owner has to say so."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The operator from now on, and whether the event says anything that people should hear."""

    operator: Operator
    news: bool


def left(operator: Operator, at: float) -> Heard:
    """``operator`` stopped following ``at``; the same word once more is news once more, so that none gets lost.

    An event from before they came back is old. Somebody suspended already stays so since then.
    """
    if at <= operator.back_at or (operator.suspended and at != operator.suspended_at):
        return Heard(operator, news=False)
    return Heard(replace(operator, suspended_at=at), news=True)


def followed(roster: Roster, operator: Operator, at: float) -> Heard:
    """``operator`` follows ``at``. Somebody away for too long stays suspended, but for the last owner.

    A person who never left is noted all the same: their unsubscribe may come after their subscribe.
    """
    if operator.suspended and at >= operator.suspended_at:
        soon = at - operator.suspended_at <= RETURN_SECONDS
        returns = soon or roster.may_command(operator)
        return Heard(replace(operator, back_at=at) if returns else operator, news=True)
    if operator.suspended or at < operator.back_at:
        return Heard(operator, news=False)
    if operator.suspended_at and at == operator.back_at:
        return Heard(operator, news=True)  # the return just carried out, once more
    return Heard(replace(operator, suspended_at=0.0, back_at=at), news=False)
