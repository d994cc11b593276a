"""A shop's people talk with the bot on the page, and somebody plays WeChat's reviewers beside it."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import expect

from bot.simulator import FAILURE_LINE, Bubble
from tests.browser.chatting import answer, says, speaks_as
from tests.browser.conftest import Visit
from tests.browser.stage import Stage
from tests.images import png

pytestmark = pytest.mark.browser


async def test_a_manager_texts_stats_and_reads_what_the_bot_wrote(visit: Visit, stage: Stage) -> None:
    page = await visit()

    bubble = await says(page, "统计")

    written = stage.simulator.chat(stage.lakeside.appid, stage.openid("张三"))[-1]
    assert written.via == "passive"
    assert "核销" in written.text
    assert await bubble.inner_text() == written.text
    await expect(page.locator("#traffic-rows")).to_contain_text("getcardbizuininfo")


async def test_a_suggestion_is_sent_with_one_tap(visit: Visit) -> None:
    page = await visit(locale="en-US")

    await page.get_by_role("group", name="You could send").get_by_role("button", name="stats", exact=True).click()

    await expect(page.locator(".own .bubble")).to_have_text("stats")
    assert await (await answer(page, 0)).inner_text() != ""


async def test_a_change_is_refused_in_the_queue_and_its_notice_arrives(visit: Visit, stage: Stage) -> None:
    page = await visit()
    await says(page, "修改 春节券 使用须知=周末不可用")
    await says(page, "确认")

    queue = page.get_by_role("region", name="审核队列")
    await expect(queue).to_contain_text("周末不可用")
    await queue.get_by_role("button", name="拒绝", exact=True).click()
    await queue.get_by_role("button", name="使用须知含违规内容").click()
    await queue.get_by_role("button", name="拒绝并通知").click()

    notice = page.locator('.message[data-via="custom"]')
    await expect(notice).to_contain_text("春节券")
    await expect(notice).to_contain_text("使用须知含违规内容")
    await expect(notice.locator(".via")).to_contain_text("客服消息")
    await expect(queue.locator("#reviews-empty")).to_be_visible()
    await expect(page.locator("#vouchers-rows > li", has_text="春节券")).to_contain_text("未通过")
    await expect(page.locator("#traffic-rows")).to_contain_text("事件 card_\u200bnot_\u200bpass_\u200bcheck")


async def test_an_approval_reaches_everybody_who_may_be_written_to(visit: Visit) -> None:
    page = await visit()
    await speaks_as(page, "王芳")
    await says(page, "帮助")
    await speaks_as(page, "张三")
    await says(page, "修改 春节券 提醒=请出示券码")
    await says(page, "确认")

    await page.get_by_role("button", name="通过", exact=True).click()

    await expect(page.locator('.message[data-via="custom"]')).to_contain_text("春节券")
    await expect(page.get_by_role("tab", name="王芳，老板，1 条未读")).to_be_visible()
    await speaks_as(page, "王芳")
    await expect(page.locator('.message[data-via="custom"]')).to_contain_text("春节券")
    await expect(page.get_by_role("tab", name="王芳，老板", exact=True)).to_be_visible()


async def test_what_people_and_the_account_write_is_never_markup(visit: Visit, stage: Stage) -> None:
    page = await visit()
    shop, manager = stage.lakeside.appid, stage.openid("张三")
    hostile = '<img src=x onerror="document.title=1"> <a href="javascript:alert(1)">here</a>\n<script>alert(1)</script>'

    await says(page, hostile)
    stage.simulator.world.people.show(shop, manager, Bubble("account", "text", hostile, time.time(), "custom"))

    await expect(page.locator(".own .bubble").last).to_have_text(hostile)
    await expect(page.locator('[data-via="custom"] .bubble')).to_have_text(hostile)
    assert await page.locator(".log :is(img, script, a)").count() == 0


async def test_links_in_a_message_can_be_tapped(visit: Visit, stage: Stage) -> None:
    page = await visit()
    shop, manager = stage.lakeside.appid, stage.openid("张三")
    text = '<a href="weixin://bizmsgmenu?msgmenucontent=帮助&msgmenuid=1">怎么用</a>，详见 https://example.com/a?b=c。'
    stage.simulator.world.people.show(shop, manager, Bubble("account", "text", text, time.time(), "custom"))

    link = page.locator(".bubble a")
    await expect(link).to_have_attribute("href", "https://example.com/a?b=c")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await page.get_by_role("button", name="怎么用").click()

    await expect(page.locator(".own .bubble")).to_have_text("帮助")
    await answer(page, 1)


async def test_entries_of_a_message_menu_can_be_tapped(visit: Visit, stage: Stage) -> None:
    page = await visit()
    items = ({"id": "7", "content": "帮助"}, {"id": "8", "content": "卡券"})
    menu = Bubble("account", "msgmenu", "你想看什么？\n帮助\n卡券\n点一下即可", time.time(), "custom", items)
    stage.simulator.world.people.show(stage.lakeside.appid, stage.openid("张三"), menu)

    await expect(page.locator(".entry")).to_have_text(["帮助", "卡券"])
    await page.locator(".entry").last.click()

    await expect(page.locator(".own .bubble")).to_have_text("卡券")
    await answer(page, 1)


async def test_a_server_that_does_not_answer_is_shown_as_wechat_shows_it(visit: Visit, stage: Stage) -> None:
    page = await visit()
    stage.lakeside.callback_url = "http://127.0.0.1:9/"

    await page.locator("#say").fill("统计")
    await page.locator("#say").press("Enter")

    await expect(page.locator(".system")).to_have_text(FAILURE_LINE)
    push = page.locator("#traffic-rows > li").first
    await expect(push).to_contain_text("3 次")
    await expect(push).to_contain_text("失败")


async def test_a_message_under_way_shows_that_the_account_is_writing(visit: Visit, stage: Stage) -> None:
    page = await visit()
    stage.simulator.delivery_faults.reorder()

    await page.locator("#say").fill("帮助")
    await page.locator("#say").press("Enter")

    await expect(page.locator(".typing")).to_be_visible()
    await expect(page.locator(".own.sending .bubble")).to_have_text("帮助")
    await page.locator("#say").fill("卡券")  # a later message sets the first one free
    await page.locator("#say").press("Enter")
    await expect(page.locator(".theirs")).to_have_count(2)
    await expect(page.locator(".typing")).to_be_hidden()
    await expect(page.locator(".sending")).to_have_count(0)


async def test_a_fault_meets_the_next_call(visit: Visit, stage: Stage) -> None:
    page = await visit()
    await page.get_by_text("注入故障").click()
    await page.locator("#fault-form select").last.select_option(label="card/batchget")
    await page.get_by_role("button", name="超出配额 45009").click()
    await expect(page.locator("#fault-form .result")).to_have_text("接下来 1 次 card/batchget：超出配额 45009")

    await says(page, "修改 春节券 客服电话=0571-7654321")

    assert [call.errcode for call in stage.simulator.calls("/card/batchget")] == [45009]
    await expect(page.locator("#traffic-rows")).to_contain_text("45009")


async def test_an_expired_token_is_said_to_be_expired_already(visit: Visit) -> None:
    page = await visit()
    await page.get_by_text("注入故障").click()

    await page.get_by_role("button", name="token 过期").click()

    await expect(page.locator("#fault-form .result")).to_have_text("token 已经过期：下一次接口调用会收到 40001")


async def test_a_customer_who_gets_no_reply_sees_that_the_account_is_silent(visit: Visit) -> None:
    page = await visit()
    await says(page, "帮助")
    await speaks_as(page, "小陈")

    await page.locator("#say").fill("你好")
    await page.locator("#say").press("Enter")

    await expect(page.locator(".silence")).to_have_text("账号没有回复（success）")
    await expect(page.locator("#traffic-rows > li").first).to_contain_text("文字 小陈")
    await speaks_as(page, "张三")
    await expect(page.locator(".silence")).to_have_count(0)


async def test_a_template_message_is_a_card_with_a_line_for_each_key(visit: Visit, stage: Stage) -> None:
    page = await visit()
    rows = ({"label": "事项", "value": "春节券 <b>只剩</b> 5 张"}, {"label": "时间", "value": "14:02"})
    text = "店铺通知\n事项：春节券 <b>只剩</b> 5 张\n时间：14:02"
    bubble = Bubble("account", "template", text, time.time(), "template", rows)
    stage.simulator.world.people.show(stage.lakeside.appid, stage.openid("张三"), bubble)

    card = page.locator('.message[data-via="template"]')
    await expect(card.locator(".card-title")).to_have_text("店铺通知")
    await expect(card.locator("dt")).to_have_text(["事项", "时间"])
    await expect(card.locator("dd")).to_have_text(["春节券 <b>只剩</b> 5 张", "14:02"])
    await expect(card.locator(".via")).to_contain_text("模板消息")


async def test_what_becomes_of_template_messages_is_chosen_beside_the_chat(visit: Visit, stage: Stage) -> None:
    page = await visit(locale="en-US")
    await page.get_by_text("Let something go wrong").click()
    await page.get_by_role("button", name="Blocked by the user").click()

    await expect(page.locator("#fault-form .result")).to_have_text("Next 1 × Template messages: Blocked by the user")
    assert stage.simulator.world.templates.next_end() == "failed:user block"


@pytest.mark.parametrize("motion", [pytest.param("no-preference", marks=pytest.mark.slow), "reduce"])
async def test_pictures_and_what_answers_them_are_scrolled_to(visit: Visit, motion: str) -> None:
    """A picture grows when it has loaded, after the page went to its end."""
    page = await visit("narrow", reduced_motion=motion)
    await says(page, "帮助")
    for _ in range(3):
        before = await page.locator(".theirs").count()
        content = png(400, 300)
        await page.locator("#picture").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": content})
        await answer(page, before)

    await expect(page.locator(".theirs .bubble").last).to_be_in_viewport(ratio=1)
    await expect(page.locator("#newer")).to_be_hidden()


async def test_who_reads_further_up_stays_there_and_is_told(visit: Visit, stage: Stage) -> None:
    page = await visit("narrow")
    await speaks_as(page, "张三")
    for _ in range(4):
        await says(page, "帮助")
    await page.locator("#log").hover()
    await page.mouse.wheel(0, -2000)
    await expect(page.locator(".own .bubble").first).to_be_in_viewport()

    notice = {"touser": stage.openid("张三"), "msgtype": "text", "text": {"content": "有新的结果"}}
    await stage.app.services[stage.lakeside.appid].wechat.call("cgi-bin/message/custom/send", notice)
    button = page.locator("#newer")
    await expect(button).to_be_visible()
    await expect(page.locator(".own .bubble").first).to_be_in_viewport()
    chips = await page.locator("#chips").bounding_box()
    shown = await button.bounding_box()
    assert chips
    assert shown
    assert shown["y"] + shown["height"] <= chips["y"], "it covers no suggestion"
    await button.click()
    await expect(page.locator(".theirs .bubble").last).to_be_in_viewport(ratio=1)
    await expect(button).to_be_hidden()
