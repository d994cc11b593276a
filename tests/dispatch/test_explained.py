"""A failed call to WeChat, in the words its kind deserves: also the finer kinds."""

import pytest

from bot.begun import VOUCHERS, Begun
from bot.dispatch.explaining import explained
from bot.errors import (
    AnswerUnreadable,
    OutcomeUnknown,
    QuotaUsedUp,
    TokenBudgetSpent,
    TokenRejected,
    WeChatError,
    WeChatUnreachable,
)


@pytest.mark.parametrize(
    ("error", "macro"),
    [
        (WeChatUnreachable("card/get"), "errors.wechat_away"),
        (OutcomeUnknown("card/update"), "errors.wechat_in_doubt"),
        (AnswerUnreadable("card/update", 502, "expected 200"), "errors.wechat_in_doubt"),
        (TokenRejected("card/get"), "errors.token_rejected"),
        (TokenBudgetSpent("card/get"), "errors.token_rejected"),
        (QuotaUsedUp("card/get", 45009), "errcodes.refused"),
    ],
)
def test_every_failure_has_its_words(error: WeChatError, macro: str) -> None:
    assert explained(error, Begun()).template == macro


def test_after_something_has_begun_an_unreachable_wechat_is_no_proof_that_nothing_was_changed() -> None:
    assert explained(WeChatUnreachable("card/get"), Begun(VOUCHERS)).template == "errors.wechat_in_doubt"
