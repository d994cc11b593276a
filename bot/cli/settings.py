"""Options that several commands share, and what they stand for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from config import Settings


class Number(click.IntRange):
    """A whole number within bounds, refused in one sentence."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See click."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value}, expected a whole number from {self.min} to {self.max}.", param, ctx)


PORT = Number(0, 65535)
config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The settings; else the file VOUCHERBOT_CONFIG names.",
)
account_option = click.option("--account", metavar="APPID", help="The account; may be left out if there is only one.")


def settings_of(config: Path | None) -> Settings:
    """The settings of ``--config``; raises :exc:`bot.errors.SettingsError`."""
    from config import load

    return load(config, os.environ)
