"""``voucherbot commands``: the chat commands as the README's table shows them."""

from __future__ import annotations

import click


@click.command()
@click.option("--language", type=click.Choice(["en", "zh_CN"]), default="en", show_default=True, help="Of the table.")
def commands(language: str) -> None:
    """Print the chat commands as a Markdown table."""
    click.echo(table(language))


def table(language: str) -> str:
    """The chat commands in ``language`` as rows of Markdown, head first."""
    from bot.app import discover
    from bot.clock import WECHAT_ZONE
    from bot.render import Renderer

    return Renderer().render("commands.table", {"commands": discover().commands}, language, WECHAT_ZONE)
