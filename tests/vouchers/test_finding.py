"""Which voucher is meant by what a shop types."""

from __future__ import annotations

import pytest

from bot.vouchers.finding import Numbered, card_id, fitting, fold, nearest_title, numbered
from bot.vouchers.model import Voucher


def titled(*titles: str) -> list[Voucher]:
    """Approved vouchers; a title with a minus in front is that of a deleted one."""
    return [
        Voucher.of(
            {
                "card_type": "CASH",
                "cash": {
                    "base_info": {
                        "id": f"p{index}",
                        "title": title.removeprefix("-"),
                        "status": "CARD_STATUS_DELETE" if title.startswith("-") else "CARD_STATUS_VERIFY_OK",
                    }
                },
            }
        )
        for index, title in enumerate(titles)
    ]


def found(words: str, *titles: str) -> list[str]:
    """Ids of what fits, p0 being the first title."""
    return [voucher.card_id for voucher in fitting(words, titled(*titles))]


@pytest.mark.parametrize("words", ["", "  ", "「」", '""', "　"])
def test_nothing_fits_no_words(words: str) -> None:
    assert found(words, "春节券") == []
    assert nearest_title(words, titled("春节券")) == ""


@pytest.mark.parametrize("words", ["春节卷", "元宵", "春节券x"])
def test_a_guess_does_not_fit(words: str) -> None:
    assert found(words, "春节券", "端午券") == []


@pytest.mark.parametrize("words", ["p1", " p1 ", '"p1"'])
def test_an_id_of_any_length_is_found_before_a_title(words: str) -> None:
    assert found(words, "p1 coffee", "春节券") == ["p1"]


def test_the_nearest_title_is_named_only_if_it_is_near() -> None:
    assert nearest_title("春节卷", titled("端午券", "春节券")) == "春节券"
    assert nearest_title("10元待金券", titled("20元代金券", "10元代金券")) == "10元代金券"
    assert nearest_title("noddles", titled("Noodles", "Soy milk")) == "Noodles"
    assert nearest_title("张三", titled("春节券", "端午券")) == ""
    assert nearest_title("春节卷", titled("-春节券")) == ""


@pytest.mark.parametrize("words", ["春节券", "「春节券」", " 春 节 券 ", "“春节券”", "《春节券》", "'春节券'"])
def test_quotes_and_blanks_around_a_title_change_nothing(words: str) -> None:
    assert found(words, "春节券", "春节券二") == ["p0"]


@pytest.mark.parametrize("words", ["春节券。", "春节券.", "春节券！", "“春节券”。", "春节券？ ", "春节券，"])
def test_the_end_of_a_sentence_changes_nothing(words: str) -> None:
    assert found(words, "春节券", "春节券二") == ["p0"]
    assert numbered("＃2。") == Numbered(2, True)
    assert found("。", "春节券") == []


def test_a_title_may_end_like_a_sentence() -> None:
    assert found("买一送一！", "买一送一！", "买一送一！！特惠") == ["p0"]


def test_width_and_case_of_letters_change_nothing() -> None:
    assert found("１０元", "10元代金券") == ["p0"]
    assert found("vip ＣＡＲＤ", "VIP card") == ["p0"]
    assert found("10元", "１０元代金券") == ["p0"]
    assert fold("「ＡＢＣ　券」") == "abc券"


def test_the_whole_title_wins_over_a_piece_of_another() -> None:
    assert found("春节券", "春节券二", "春节券") == ["p1"]


def test_a_piece_fits_every_title_that_has_it() -> None:
    assert found("节", "春节券", "端午券", "中秋节") == ["p0", "p2"]


def test_a_deleted_voucher_fits_only_where_no_other_does() -> None:
    assert found("春节券", "-春节券", "春节券") == ["p1"]
    assert found("春节券", "-春节券", "春节券二") == ["p1"]
    assert found("春节券", "-春节券", "端午券") == ["p0"]


@pytest.mark.parametrize(
    "words", ["", "pDEMO1", "pDEMO1aaaaaaaaaaaaaaaaaaaaa", "p" * 33, "春节券" * 10, "pDEMO1 aaaaaaaaaaaaaaaaaaaaaa"]
)
def test_what_is_no_card_id(words: str) -> None:
    assert card_id(words) is None


@pytest.mark.parametrize("words", ["pDEMO1aaaaaaaaaaaaaaaaaaaaaa", "p-_MO1aaaaaaaaaaaaaaaaaaaaaaX", "p" * 32])
def test_a_card_id_has_28_to_32_characters(words: str) -> None:
    assert card_id(words) == words
    assert card_id(f" 「{words}」") == words


@pytest.mark.parametrize("words", ["", "#", "#a", "10元", "1 2", "-1", "#12345", "1.5"])
def test_what_is_no_number(words: str) -> None:
    assert numbered(words) is None


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("3", Numbered(3, marked=False)),
        ("#3", Numbered(3, marked=True)),
        ("＃３", Numbered(3, marked=True)),
        (" # 3 ", Numbered(3, marked=True)),
        ("#0", Numbered(0, marked=True)),
    ],
)
def test_numbers_of_a_list(words: str, number: Numbered) -> None:
    assert numbered(words) == number
