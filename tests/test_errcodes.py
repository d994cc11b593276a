"""Every errcode of the APIs in use is explained in both languages; every word shown for a value can be typed."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from bot.clock import WECHAT_ZONE
from bot.render import LANGUAGES, Renderer
from bot.vouchers.colors import HEX, color_name
from bot.vouchers.vocabulary import CODE_TYPE_WORDS, CODE_TYPES, DAYS, SERVICE_WORDS, SERVICES, days_of

# The error pages of "Cards & Offers" and of Friend's Vouchers, section by section.
ACCESS = (
    -1, 40001, 40003, 40013, 40014, 40097, 40164, 41001, 42001, 43001, 43002, 43003, 45009, 45011, 45035,
    45040, 47001, 47002, 48001, 48004, 50001, 50002, *range(61003, 61029),
)  # fmt: skip
CONTENT = (
    40009, 40053, 40056, 40066, 40070, 40071, 40072, 40073, 40075, 40076, 40078, 40079, 40080, 40093, 40098,
    40100, 40107, 40109, 40110, 40111, 40112, 40116, 40122, 40124, 40130, 40131, 40132, 40135, 40136, 40137,
    40139, 40140, 40141, 40145, 40149, 40150, 40151, 40158, 41011, 41012, 41013, 41025, 41026, 45021, 45025,
    45029, 45039, 45046, 46005, 52000, 72006, 72007, 72008, 72009,
)  # fmt: skip
REDEEMING = (40099, 40127, 40146, 40147, 43018, 72020, 45030, 45031, 45033, 45053, 45054, 45055, 45154, 45155, 45156)
PERMISSIONS = (
    43008, 43009, 43010, 43011, 43012, 43013, 43014, 43015, 43017, 45041, 45042, 45160, 45095, 72014, 72066,
)  # fmt: skip
FRIENDS = (
    40142, 40143, 40144, 40148, 40153, 45043, 45044, 45045, *range(71001, 71009), *range(73205, 73212), 73213,
    73215,
)  # fmt: skip
DATA = (61500, 61501, 61503, *range(65104, 65108), *range(65109, 65121), 9001001)
# Beside the cards API: the pictures that people send, the operators' menu.
MEDIA = (*range(40004, 40009), *range(40010, 40013), 41005, 45001)
MENUS = (*range(40015, 40021), *range(40023, 40028), 45010, 45064, 46003)
ALL = tuple(chain(ACCESS, CONTENT, REDEEMING, PERMISSIONS, FRIENDS, DATA, MEDIA, MENUS))


def explained(errcode: int, language: str) -> str:
    return Renderer().render("errcodes.explain", {"errcode": errcode}, language, WECHAT_ZONE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("errcode", ALL)
def test_what_happened_then_what_to_do(errcode: int, language: str) -> None:
    happened, remedy = explained(errcode, language).split("\n")

    assert re.search(rf"[（(]{errcode}[）)]$", happened)
    assert remedy.endswith(("。", "."))
    assert "没有说明" not in happened
    assert "not explained" not in happened
    assert len(happened + remedy) <= (80 if language == "zh_CN" else 240)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("errcode", [73205, 73206, 73207, 73208, 73209, 73210, 73211])
def test_suspended_features_are_nobodys_fault(errcode: int, language: str) -> None:
    assert {"zh_CN": "这不是你的设置问题", "en": "Your settings are not at fault"}[language] in explained(
        errcode, language
    )


def test_an_unknown_errcode_says_its_number_and_what_to_do() -> None:
    assert explained(12345, "zh_CN") == (
        "微信返回了没有说明的错误（12345）\n请用「查看」核对现在的内容；再出现时把这个数字告诉技术人员。"
    )
    assert explained(12345, "en") == (
        "WeChat gave an error that is not explained anywhere (12345)\n"
        'Check with "show" what stands now; if it comes again, tell the engineers this number.'
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_is_shown_can_be_typed(language: str) -> None:
    def word(token: str) -> str:
        return Renderer().render("values.word", {"token": token}, language, WECHAT_ZONE).lower()

    assert [color_name(word(name)) for name in HEX] == list(HEX)
    assert [CODE_TYPE_WORDS[word(name)] for name in CODE_TYPES] == list(CODE_TYPES)
    assert [SERVICE_WORDS[word(name)] for name in SERVICES] == list(SERVICES)
    assert [days_of(word(name)) for name in DAYS] == [(name,) for name in DAYS]
