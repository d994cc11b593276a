"""Logs: one JSON object a line, and nothing in it that a stranger may not see."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import log

OPENID = "oTest0WangFang0owner00000001"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the log goes during a test; the loggers are as before afterwards."""
    root = logging.getLogger()
    before = root.handlers, root.level
    stream = io.StringIO()
    log.configure(stream)
    yield stream
    root.handlers, root.level = before
    structlog.reset_defaults()


def test_a_line_is_json_with_what_came_along(stream: io.StringIO, clock: object) -> None:
    logging.getLogger("bot.web").warning("push refused", extra={"account": "wx1", "why": "signature"})

    assert json.loads(stream.getvalue()) == {
        "event": "push refused",
        "account": "wx1",
        "why": "signature",
        "level": "warning",
        "logger": "bot.web",
        "timestamp": "2026-11-22T06:02:00Z",
    }


def test_structlog_writes_the_same(stream: io.StringIO) -> None:
    structlog.get_logger("bot.jobs").info("job done", account="wx1", seconds=2)

    line = json.loads(stream.getvalue())
    assert (line["event"], line["account"], line["seconds"], line["logger"]) == ("job done", "wx1", 2, "bot.jobs")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /card/get?access_token=72_AbC-d&x=1", "GET /card/get?access_token=…&x=1"),
        ("grant_type=client_credential&appid=wx1&secret=0a1b", "grant_type=client_credential&appid=wx1&secret=…"),
        ('{"access_token": "72_AbC", "expires_in": 7200}', '{"access_token": "…", "expires_in": 7200}'),
        ("unix or redis://:hunter2@cache:6379/0", "unix or redis://:…@cache:6379/0"),
        ("redis://bot:hunter2@cache:6379/0", "redis://bot:…@cache:6379/0"),
        (f"{OPENID} asked", "oTest0… asked"),
        ("token of wx0123456789abcdef was fetched", "token of wx0123456789abcdef was fetched"),
    ],
)
def test_secrets_and_people_are_masked(stream: io.StringIO, said: str, kept: str) -> None:
    logging.getLogger("x").info("%s", said, extra={"also": said, "token": "hush", "encoding_aes_key": "hush"})

    line = json.loads(stream.getvalue())
    assert (line["event"], line["also"], line["token"], line["encoding_aes_key"]) == (kept, kept, "…", "…")


def test_an_exception_is_masked_too(stream: io.StringIO) -> None:
    try:
        raise ValueError("https://api.weixin.qq.com/card/get?access_token=72_AbC")  # noqa: TRY301 - raised to be logged
    except ValueError:
        logging.getLogger("x").exception("failed")

    line = json.loads(stream.getvalue())
    assert "ValueError" in line["exception"]
    assert "72_AbC" not in stream.getvalue()


def test_a_person_at_a_terminal_reads_coloured_lines(stream: io.StringIO) -> None:
    log.configure(stream, as_json=False)
    logging.getLogger("bot.web").warning("push refused")

    assert "push refused" in stream.getvalue()
    assert "\x1b[" in stream.getvalue()
