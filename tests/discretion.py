"""What may never stand in a log: words of people, openids, and everything that opens a door."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from bot.simulator import Simulator
from tests.shop import KEY, PEOPLE

APPID = "wx0123456789abcdef"
SECRETS = ("lakeside-old", "s" * 32, KEY, *(openid for openid, _ in PEOPLE.values()))


class Eavesdropper(logging.Handler):
    """Keeps all that a record could give away: message, arguments, extras, traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []
        self._formatter = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        """Everything of ``record`` as text."""
        self.heard.append(f"{self._formatter.format(record)} {record.__dict__!r}")

    def forbid(self, *words: str) -> None:
        """Fail if any of ``words`` stands in any record."""
        for line in self.heard:
            for word in words:
                assert word not in line, f"{word!r} in the log: {line}"


@pytest.fixture
def log() -> Iterator[Eavesdropper]:
    """Hears every record of every logger; at the end none may hold a secret or an openid."""
    ear = Eavesdropper()
    root = logging.getLogger()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield ear
    root.setLevel(level)
    root.removeHandler(ear)
    ear.forbid(*SECRETS)


@pytest.fixture(autouse=True)
def discreet(request: pytest.FixtureRequest, log: Eavesdropper) -> Iterator[None]:
    """No test of this folder may find in the log what people or the account said."""
    wechat: Simulator | None = None
    if "simulator" in request.fixturenames:
        wechat = request.getfixturevalue("simulator")
    yield
    if wechat is not None:
        chats = [wechat.chat(APPID, openid) for openid, _ in PEOPLE.values()]
        log.forbid(*(bubble.text for chat in chats for bubble in chat if len(bubble.text) > 6))
