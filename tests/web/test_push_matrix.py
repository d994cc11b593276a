"""The account's setting decides the mode, never the request: every mode against every kind of body.

The handler runs in the allowed cells only; elsewhere nothing is dispatched and no API is called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.simulator import Simulator
from tests.shop import KEY, PEOPLE, Shop, open_shop
from tests.web.postman import Letter

OLD_KEY = "OldLakesideNoodles0key0for0the0simulator008"
OWN_SHAPE = {"plain": "plain", "compatible": "both", "safe": "encrypted"}

KINDS: dict[str, Callable[[Letter, str], Letter]] = {
    "plain": lambda letter, own: replace(letter, shape="plain"),
    "encrypted": lambda letter, own: replace(letter, shape="encrypted"),
    "both": lambda letter, own: replace(letter, shape="both"),
    "neither": lambda letter, own: replace(letter, shape="neither"),
    "wrong key": lambda letter, own: replace(letter, shape=own, token="wrong", encoding_aes_key="W" * 43),
    "wrong appid": lambda letter, own: replace(letter, shape=own, suffix="wxfedcba9876543210", original_id="gh_other"),
    "previous key": lambda letter, own: replace(letter, shape=own, token="lakeside-old", encoding_aes_key=OLD_KEY),
    "swapped": lambda letter, own: replace(letter, shape=own, swapped=True),
}
ALLOWED = {
    ("plain", "plain"), ("compatible", "both"), ("safe", "encrypted"),
    ("plain", "previous key"), ("compatible", "previous key"), ("safe", "previous key"),
}  # fmt: skip
NOTHING_TO_READ = {("plain", "neither")}
"""Signed in plain mode, where the signature does not cover the body: believed, and found to hold nothing."""


def letter_to(shop: Shop) -> Letter:
    """A right push of the manager's, to be spoiled."""
    return Letter(shop.address, shop.appid, "gh_0123456789ab", "lakeside", KEY, PEOPLE["manager"][0])


@pytest.mark.parametrize("as_json", [False, True], ids=["XML", "JSON"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_only_the_accounts_own_shape_is_obeyed(
    simulator: Simulator, store: object, redis_server: str, mode: str, kind: str, as_json: bool
) -> None:
    rotation = {"previous_token": "lakeside-old", "previous_encoding_aes_key": OLD_KEY}
    async with open_shop(simulator, redis_server, mode, account=rotation) as shop:
        letter = replace(KINDS[kind](letter_to(shop), OWN_SHAPE[mode]), as_json=as_json)
        status, body = await letter.post()
        obeyed = (mode, kind) in ALLOWED
        if obeyed and not as_json:
            assert status == 200
            assert ("<Encrypt>" in body) is (mode != "plain")
            assert shop.calls("datacube/getcardbizuininfo")
        elif obeyed or (mode, kind) in NOTHING_TO_READ:
            assert (status, body) == (200, "success")
            assert shop.calls() == []
            assert len(await shop.app.store.do("LRANGE", "v1:{wx0123456789abcdef}:unread", 0, -1)) == 1
        else:
            assert (status, body) == (403, "")
            assert shop.calls() == []
