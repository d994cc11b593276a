"""commands: the README's table, and the READMEs that show it."""

import re
from pathlib import Path

import pytest

from bot.app import discover
from bot.cli.commands import table

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_command_is_one_row(language: str) -> None:
    head, line, *rows = table(language).splitlines()
    cells = [re.split(r"(?<!\\)\|", row) for row in (head, line, *rows)]

    assert {len(each) for each in cells} == {6}
    assert set(line) == {"|", "-", " "}
    assert len(rows) == len(discover().commands)
    for row in rows:
        assert all(cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]), row


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.zh-CN.md", "zh_CN")])
def test_the_readme_shows_the_commands_there_are(readme: str, language: str) -> None:
    shown = re.search(r"<!-- commands.*?-->\n(.*)<!-- /commands -->", (ROOT / readme).read_text("utf-8"), re.DOTALL)

    assert shown
    assert shown[1].strip() == table(language), "`make commands` writes the tables anew"
