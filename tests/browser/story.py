"""Five minutes in a shop: what the README shows, told once in each language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """``who`` says something, or the reviewers decide about the oldest voucher in their queue.

    ``{code}`` stands for the invitation in the reply before.
    """

    says: str = ""
    who: str = "张三"
    refused: str = ""
    approved: bool = False


STORIES: dict[str, tuple[Step, ...]] = {
    "zh_CN": (
        Step("帮助"),
        Step("统计"),
        Step("卡券"),
        Step("统计春节券，最近7天"),
        Step("修改春节券使用须知：周末不可用"),
        Step("好的"),
        Step(refused="使用须知与券面不符"),
        Step("修改春节券使用须知：周六、周日不可用，节假日除外"),
        Step("确认"),
        Step(approved=True),
        Step("统讣"),
        Step("延期春节券到明年2月底"),
        Step("确认。"),
        Step("邀请 店员 小陈", who="王芳"),
        Step("绑定 {code}", who="小陈"),
    ),
    "en": (
        Step("help"),
        Step("stats"),
        Step("vouchers"),
        Step("stats 春节券 7d"),
        Step('update 春节券 description="Not at weekends"'),
        Step("yes"),
        Step(refused="使用须知与券面不符"),
        Step('update 春节券 description="Monday to Friday only"'),
        Step("ok"),
        Step(approved=True),
        Step("stast"),
        Step("extend 春节券 28 Feb"),
        Step("yes"),
        Step("invite clerk 小陈", who="王芳"),
        Step("join {code}", who="小陈"),
        Step("language en", who="小陈"),
    ),
}
BEFORE = {
    "zh_CN": ("修改 豆浆 提醒=凭券换豆浆一杯", "确认"),
    "en": ("update 豆浆 notice=凭券换豆浆一杯", "yes"),
}
"""What the owner did a moment earlier: another voucher waits for review, and notices may reach her."""

PICTURE_AFTER = 7
"""Steps played when the picture is taken: the refusal has just arrived."""

REVIEWERS = {
    "zh_CN": ("（微信审核：拒绝，{}）", "（微信审核：通过）"),
    "en": ("(WeChat's reviewers refuse: {})", "(WeChat's reviewers approve)"),
}
"""How the transcript tells of a refusal and of an approval."""
