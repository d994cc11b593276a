"""Five minutes in a shop: what the README shows, told once in each language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """The manager ``says`` something, or the reviewers decide about the oldest voucher in their queue."""

    says: str = ""
    refused: str = ""
    approved: bool = False


STORIES: dict[str, tuple[Step, ...]] = {
    "zh_CN": (
        Step("卡券"),
        Step("统计"),
        Step("统计 最近7天"),
        Step("查看 春节券"),
        Step("修改 春节券 使用须知=周末不可用 客服电话=0571-7654321"),
        Step("确认"),
        Step(refused="使用须知与券面不符"),
        Step("修改 春节券 使用须知=周六、周日不可用，节假日除外"),
        Step("确认"),
        Step(approved=True),
        Step("延期 春节券 2027-02-28"),
        Step("确认"),
    ),
    "en": (
        Step("vouchers"),
        Step("stats"),
        Step("stats 7d"),
        Step("show 春节券"),
        Step('update 春节券 description="Not at weekends" service_phone=0571-7654321'),
        Step("yes"),
        Step(refused="使用须知与券面不符"),
        Step('update 春节券 description="Monday to Friday only"'),
        Step("yes"),
        Step(approved=True),
        Step("extend 春节券 2027-02-28"),
        Step("yes"),
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

