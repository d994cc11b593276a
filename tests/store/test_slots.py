"""All keys of one account lie in one slot of a cluster, so that a script or a batch may touch them together."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from redis.crc import key_slot

from bot.store import answer_keys, count_keys, draft_keys, keys, picture_keys, record_keys, shop_keys

APPID = "wx0123456789abcdef"
OTHERS = {"int": 1, "str": "va}l{ue"}
MODULES = (keys, answer_keys, count_keys, draft_keys, picture_keys, record_keys, shop_keys)
FUNCTIONS = [function for module in MODULES for _, function in inspect.getmembers(module, inspect.isfunction)]
OF_AN_ACCOUNT = [each for each in FUNCTIONS if "appid" in inspect.signature(each).parameters]
ALONE = ("docket", "link", "code_shop")
OF_ALL = [each for each in FUNCTIONS if each not in OF_AN_ACCOUNT and each.__name__ not in ALONE]
"""Those of all accounts' jobs. Docket takes care of its own; a link, or an invitation's, is read and written alone."""


def slot(function: Callable[..., str]) -> int:
    """Where the key lies; awkward openids and the like change nothing."""
    arguments: dict[str, Any] = {
        name: APPID if name == "appid" else OTHERS[str(getattr(each.annotation, "__name__", each.annotation))]
        for name, each in inspect.signature(function).parameters.items()
    }
    return key_slot(function(**arguments).encode())


@pytest.mark.parametrize("function", OF_AN_ACCOUNT, ids=lambda each: each.__name__)
def test_a_key_of_an_account_lies_in_the_slot_of_its_appid(function: Callable[..., str]) -> None:
    assert slot(function) == key_slot(APPID.encode())


def test_keys_of_all_accounts_lie_in_one_slot() -> None:
    assert len({slot(each) for each in OF_ALL}) <= 1


def test_accounts_spread_over_the_slots() -> None:
    assert len({key_slot(keys.token(f"wx{number:016}").encode()) for number in range(100)}) > 90
