"""How a command ends: an exit code, and one sentence where something was wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

import click

from bot.errors import Explained, SettingsError, StoreUnavailable, VoucherbotError, WeChatRefused

INTERRUPTED = 130


def carried_out(work: Callable[[], object]) -> int:
    """Do ``work``; its exit code: 2 for wrong options or settings, 1 for trouble with the world around."""
    try:
        code = work()
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        return _said(_usage(error), error.exit_code)
    except (SettingsError, Explained) as error:
        return _said(sentence(error), 2)
    except VoucherbotError as error:
        return _said(sentence(error), 1)
    return code if isinstance(code, int) else 0


def sentence(error: VoucherbotError) -> str:
    """What to tell whoever runs the program. What chat would explain is explained in the same words, in English."""
    if isinstance(error, Explained):
        from bot.clock import WECHAT_ZONE
        from bot.render import Renderer

        return Renderer().render(error.template, error.values, "en", WECHAT_ZONE)
    if isinstance(error, WeChatRefused):
        from bot.clock import WECHAT_ZONE
        from bot.render import Renderer

        told = Renderer().render("errcodes.refused", {"errcode": error.errcode}, "en", WECHAT_ZONE)
        return f"{error.path}: {told}"
    if isinstance(error, StoreUnavailable):
        return f"Redis does not answer ({error}), expected one at redis.url"
    return str(error)


def _usage(error: click.ClickException) -> str:
    """click's sentence, and where it does not say what is expected, who does."""
    words = error.format_message()
    told = isinstance(error, click.BadParameter) or re.search(r"\bexpected\b|Did you mean", words)
    if told or not isinstance(error, click.UsageError) or error.ctx is None:
        return words
    return f"{words.rstrip('.')}, expected what {error.ctx.command_path} --help lists."


def _said(words: str, code: int) -> int:
    click.echo(" ".join(words.split()), err=True)
    return code
