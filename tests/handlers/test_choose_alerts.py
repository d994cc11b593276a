"""alerts: what is offered to whom, and what a choice changes."""

from __future__ import annotations

from tests.shop import Shop


async def test_customers_have_no_alerts(shop: Shop) -> None:
    assert await shop.customer.says("提醒") == ""


async def test_an_unknown_kind_and_one_the_role_may_not_see_are_the_same(shop: Shop) -> None:
    assert await shop.viewer.says("提醒 关闭 天气") == (
        "没有改：没有「天气」这种提醒\n有这些：审核、库存、到期、审核超时\n例：提醒 关闭 审核"
    )
    assert await shop.viewer.says("提醒 开启 券点") == (
        "没有改：没有「券点」这种提醒\n有这些：审核、库存、到期、审核超时\n例：提醒 关闭 审核"
    )
    assert await shop.manager.says("提醒 关闭 成员") == (
        "没有改：没有「成员」这种提醒\n有这些：审核、库存、券点、到期、审核超时\n例：提醒 关闭 审核"
    )


async def test_managers_and_owners_get_all_and_others_nothing_unasked(shop: Shop) -> None:
    assert await shop.owner.says("提醒") == (
        "7 种提醒都会发给你\n"
        "✅ 审核：券的审核结果\n"
        "✅ 库存：券快领完了\n"
        "✅ 券点：券点有变动\n"
        "✅ 到期：券 7 天内到期\n"
        "✅ 审核超时：送审超过 3 天没有结果\n"
        "✅ 成员：成员加入、取消关注\n"
        "✅ 系统：后台工作失败\n"
        "「提醒 关闭 审核」改一种，「提醒 关闭」改全部"
    )
    assert (await shop.manager.says("提醒")).startswith("5 种提醒都会发给你\n")
    nothing = (
        "4 种提醒都不发给你\n"
        "❌ 审核：券的审核结果\n"
        "❌ 库存：券快领完了\n"
        "❌ 到期：券 7 天内到期\n"
        "❌ 审核超时：送审超过 3 天没有结果\n"
        "「提醒 开启 审核」改一种，「提醒 开启」改全部"
    )
    assert await shop.viewer.says("提醒") == await shop.clerk.says("提醒") == nothing


async def test_one_kind_on_and_off(shop: Shop) -> None:
    assert await shop.viewer.says("提醒 库存") == ("库存提醒现在不发给你：券快领完了\n「提醒 开启 库存」可以改")
    assert await shop.viewer.says("提醒开启库存") == "✅ 库存提醒已开启\n「提醒 关闭 库存」再关闭，「提醒」看现在的选择"
    assert await shop.viewer.says("提醒") == (
        "4 种提醒里，1 种会发给你\n"
        "❌ 审核：券的审核结果\n"
        "✅ 库存：券快领完了\n"
        "❌ 到期：券 7 天内到期\n"
        "❌ 审核超时：送审超过 3 天没有结果\n"
        "「提醒 开启 审核」改一种，「提醒 开启」改全部"
    )
    assert await shop.viewer.says("alerts off stock") == (
        "✅ 库存提醒已关闭\n「提醒 开启 库存」再打开，「提醒」看现在的选择"
    )
    assert (await shop.viewer.says("提醒")).startswith("4 种提醒都不发给你\n")


async def test_all_at_once_and_what_comes_all_the_same(shop: Shop) -> None:
    assert await shop.manager.says("提醒 关闭") == (
        "✅ 全部提醒已关闭\n你自己送审的结果仍会告诉你\n「提醒 开启」再打开，「提醒」看现在的选择"
    )
    assert (await shop.manager.says("提醒")).startswith("5 种提醒都不发给你\n❌ 审核")
    assert await shop.manager.says("提醒 全部 开") == "✅ 全部提醒已开启\n「提醒 关闭」再关闭，「提醒」看现在的选择"
    assert (await shop.manager.says("提醒")).startswith("5 种提醒都会发给你\n✅ 审核")


async def test_everything_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    assert await shop.owner.says("alerts off weather") == (
        'Not changed: there are no notices about "weather"\n'
        "There are: reviews, stock, credit, expiring, pending, people, system\n"
        "e.g. alerts off reviews"
    )
    assert await shop.owner.says("alerts") == (
        "All 7 kinds of notices reach you\n"
        "✅ reviews: results of reviews\n"
        "✅ stock: vouchers running out\n"
        "✅ credit: changes of the credit account\n"
        "✅ expiring: vouchers that end within 7 days\n"
        "✅ pending: reviews of over 3 days\n"
        "✅ people: operators who join or unfollow\n"
        "✅ system: work in the background that failed\n"
        '"alerts off reviews" changes one, "alerts off" all'
    )
    assert await shop.owner.says("alerts off credit") == (
        '✅ Notices about credit: off from now on\n"alerts on credit" turns it on again, "alerts" shows your choice'
    )
    assert await shop.owner.says("alerts credit") == (
        'Notices about credit do not reach you now: changes of the credit account\n"alerts on credit" changes that'
    )
    assert await shop.owner.says("alerts stock") == (
        'Notices about stock reach you now: vouchers running out\n"alerts off stock" changes that'
    )
    assert (await shop.owner.says("alerts")).startswith("6 of 7 kinds of notices reach you\n")
    assert await shop.manager.says("alerts off") == (
        "✅ All notices: off from now on\n"
        "Results of what you send to review still reach you\n"
        '"alerts on" turns them on again, "alerts" shows your choice'
    )
    assert (await shop.manager.says("alerts")).startswith("None of 5 kinds of notices reaches you\n")
    assert await shop.viewer.says("alerts on") == (
        '✅ All notices: on from now on\n"alerts off" turns them off again, "alerts" shows your choice'
    )
