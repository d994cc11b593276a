"""The merging loader: TOML, then ``VOUCHERBOT_SECTION__KEY`` from the environment, then the models.

pydantic-settings cannot override list entries by index, ignores a mistyped section and lets a TOML syntax error
through raw; so the three steps are ours.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.errors import SettingsError
from config.explain import sentence
from config.model import Settings
from config.overrides import merge

CONFIG_VARIABLE = "VOUCHERBOT_CONFIG"


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Settings from ``path``, else from the file ``VOUCHERBOT_CONFIG`` names, else from the environment alone.

    Raises :exc:`SettingsError`: one sentence naming file, line or key, what was found and what is expected.
    """
    if path is None and environ.get(CONFIG_VARIABLE):
        path = Path(environ[CONFIG_VARIABLE])
    values = {} if path is None else _read(path)
    origins = merge(values, {name: text for name, text in environ.items() if name != CONFIG_VARIABLE})
    file = "the environment" if path is None else str(path)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(sentence(error, Settings, file, origins)) from None
    if path is None and not values:
        raise SettingsError("no settings are given, expected --config FILE or VOUCHERBOT_CONFIG")
    if not settings.accounts and settings.component is None:
        raise SettingsError(f"{file}: neither [[accounts]] nor [component] is there, expected at least one account")
    return settings


def _read(path: Path) -> dict[str, Any]:
    try:
        # utf-8-sig: some editors put a byte order mark in front, which tomllib takes for a character of a key.
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {_syntax(str(error))}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"{path}: line {line} is not UTF-8, expected a TOML file in UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}), expected a TOML file") from None


def _syntax(message: str) -> str:
    """``Invalid value (at line 3, column 8)`` as ``line 3, column 8: invalid value``."""
    match = re.fullmatch(r"(.*) \(at (.*)\)", message, re.DOTALL)
    said, place = match.groups() if match else (message, "somewhere")
    return f"{place}: {said[:1].lower()}{said[1:]}, expected TOML"
