"""What a failed call to WeChat means, and what to say where nobody knows whether something was done."""

from __future__ import annotations

from bot.begun import PEOPLE, Begun
from bot.errors import OutcomeUnknown, TokenRejected, WeChatError, WeChatRefused
from bot.merchants.people import Operator, Role
from bot.routing.reply import Reply
from bot.wechat.paths import is_repeatable


def explained(error: WeChatError, begun: Begun) -> Reply:
    """What a failed call to WeChat means, for the person who asked."""
    if isinstance(error, WeChatRefused):
        return Reply("errcodes.refused", errcode=error.errcode)
    changes_something = isinstance(error, OutcomeUnknown) and not is_repeatable(error.path)
    if begun.what or changes_something:
        return Reply("errors.wechat_in_doubt")
    return Reply("errors.token_rejected" if isinstance(error, TokenRejected) else "errors.wechat_away")


def in_doubt(begun: Begun, sender: Operator | None) -> Reply:
    """Redis went away after something had begun, or while somebody else worked on it: how to look whether it was done.

    Only owners may see the list of operators; what others change about people is their own entry.
    """
    among_people = "operators" if sender and sender.role is Role.OWNER else "whoami"
    return Reply("errors.store_in_doubt", check=among_people if begun.what == PEOPLE else "show")
