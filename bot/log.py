"""Logs: structlog over the standard library, so that every library's lines come out alike.

Lines are JSON, or coloured for a person at a terminal. Whatever looks like a secret is masked, an openid is shortened:
a log must be fit to be pasted into a question.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_SECRET_NAMES = ("secret", "token", "password", "aes_key", "ticket")
_SECRET_PAIRS = re.compile(
    r"""(?ix)
    ( [\w-]* (?: secret | token | password | aes_key | aeskey | ticket ) ["']? \s* [=:] \s* ["']? )  # name and sign
    [^\s&"',;})\]]+
    """
)
_PASSWORD_IN_ADDRESS = re.compile(r"(://[^/\s:@]*:)[^/\s@]+@")
_OPENID = re.compile(r"\b(o[\w-]{5})[\w-]{22}(?![\w-])")
_STANDARD = {"event", "level", "logger", "timestamp"}


def configure(stream: TextIO | None = None, *, as_json: bool | None = None, level: int = logging.INFO) -> None:
    """Send all logs to ``stream`` (stderr), as JSON unless it is a terminal."""
    stream = sys.stderr if stream is None else stream
    if as_json is None:
        as_json = not stream.isatty()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last(as_json)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)


def _last(as_json: bool) -> list[Any]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if as_json:
        return [drop, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    return [drop, structlog.dev.ConsoleRenderer()]


def without_secrets(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """``line`` with secrets masked and openids shortened, wherever they stand."""
    for name, value in line.items():
        if name in _STANDARD - {"event"} or name.startswith("_"):
            continue
        if any(word in name.lower() for word in _SECRET_NAMES):
            line[name] = "…"
        elif isinstance(value, str):
            line[name] = masked(value)
    return line


def masked(text: str) -> str:
    """``text`` without secrets and full openids."""
    text = _SECRET_PAIRS.sub(r"\1…", text)
    text = _PASSWORD_IN_ADDRESS.sub(r"\1…@", text)
    return _OPENID.sub(r"\1…", text)
