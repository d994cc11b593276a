"""``example.toml`` shows every option there is, with its default and a comment."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import config
from bot.errors import SettingsError
from config import AccountSettings, Settings, load
from config.shape import is_list, is_section, kind_at

EXAMPLE = Path(config.__file__).with_name("example.toml")
OWN = {
    "VOUCHERBOT_ACCOUNTS__0__SECRET": "a secret",
    "VOUCHERBOT_ACCOUNTS__0__TOKEN": "lakeside",
    "VOUCHERBOT_ACCOUNTS__0__ENCODING_AES_KEY": "k" * 43,
}
REQUIRED = {"appid", "original_id", "name", "secret", "token", "encoding_aes_key"}


def uncommented() -> dict[str, Any]:
    """The example with its optional parts switched on: ``#key = value`` is one, ``# words`` is prose."""
    return tomllib.loads(re.sub(r"^#(?=\S)", "", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE))


def test_every_option_of_the_models_is_there_and_no_other() -> None:
    shown = {path[:2] if path[0] == "limits" else path for path in keys(uncommented())}

    assert shown == fields(Settings)


def test_it_loads_and_says_the_defaults() -> None:
    shown = load(EXAMPLE, OWN).model_dump(exclude={"accounts"})

    assert shown == Settings().model_dump(exclude={"accounts"})


@pytest.mark.parametrize("kept", ["secret", "token", "encoding_aes_key"])
def test_a_secret_left_as_the_example_shows_it_is_refused(kept: str) -> None:
    own = {name: value for name, value in OWN.items() if not name.endswith(f"__{kept.upper()}")}

    with pytest.raises(SettingsError) as refusal:
        load(EXAMPLE, own)

    assert str(refusal.value) == f"{EXAMPLE}: accounts[0].{kept} is still what example.toml shows, expected your own"


def test_only_what_nobody_types_into_the_console_counts_as_left_from_the_example() -> None:
    """A key that is published elsewhere, such as the one of WeChat's test vectors, is somebody's choice."""
    vectors = {
        "VOUCHERBOT_ACCOUNTS__0__TOKEN": "spamtest",
        "VOUCHERBOT_ACCOUNTS__0__ENCODING_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    }

    account = load(EXAMPLE, OWN | vectors).accounts[0]

    assert (account.token, len(account.encoding_aes_key)) == ("spamtest", 43)


def test_optional_values_of_accounts_are_the_defaults() -> None:
    account = load(EXAMPLE, OWN).accounts[0].model_dump()

    for name in AccountSettings.model_fields.keys() - REQUIRED:
        assert account[name] == AccountSettings.model_fields[name].default, name


def test_every_option_has_a_comment_above_it() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    options = [n for n, line in enumerate(lines) if re.match(r"#?[a-z_]+ = ", line)]

    assert [lines[n] for n in options if not lines[n - 1].startswith("# ")] == []


def keys(values: Any, loc: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The paths of all values; list entries count without their number."""
    if isinstance(values, dict):
        return {path for name, value in values.items() for path in keys(value, (*loc, name))}
    if isinstance(values, list) and values:
        return {path for value in values for path in keys(value, loc)}
    return {loc}


def fields(model: type[BaseModel], loc: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The paths of all options of ``model``."""
    found: set[tuple[str, ...]] = set()
    for name in model.model_fields:
        kind = kind_at(model, (name,))
        if is_list(kind):
            kind = kind_at(model, (name, 0))
        found |= fields(kind, (*loc, name)) if is_section(kind) else {(*loc, name)}
    return found
