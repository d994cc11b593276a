"""Template messages: what WeChat accepts, what the person sees, and what becomes known of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from bot.simulator import Bubble, Fault, Shop, Simulator
from tests.simulator.conftest import NOODLES, WANG, ZHANG, Api, ShopServer

LIST = "/cgi-bin/template/get_all_private_template"
SEND = "/cgi-bin/message/template/send"
CONTENT = "\n".join(
    ("{{first.DATA}}", "事项：{{thing1.DATA}}", "状态：{{const2.DATA}}", "数量：{{number3.DATA}}",
     "时间：{{time4.DATA}}", "{{remark.DATA}}")
)  # fmt: skip
FIELDS = {"thing1": "春节券未通过审核", "const2": "待处理", "number3": "1", "time4": "2026年11月22日 14:02"}


@pytest.fixture
def template_id(sim: Simulator) -> str:
    return sim.world.templates.add(NOODLES, "待办提醒", CONTENT, "事项：开会", const2=("待处理", "已处理"))


def message(template_id: str, **changes: Any) -> dict[str, Any]:
    """A complete message to 王芳; ``changes`` of its data."""
    data = {name: {"value": value} for name, value in {**FIELDS, **changes}.items()}
    return {"touser": WANG, "template_id": template_id, "data": data}


async def until_pushed(sim: Simulator, number: int = 1) -> None:
    """Until the account's server has answered that many pushes."""
    with sim.world.stream.watch() as happenings:
        while len(sim.pushes()) < number:
            await happenings.get()


class TestTheList:
    async def test_names_content_and_example_without_an_errcode(self, api: Api, template_id: str) -> None:
        assert await api.get(LIST) == {
            "template_list": [
                {
                    "template_id": template_id,
                    "title": "待办提醒",
                    "primary_industry": "",
                    "deputy_industry": "",
                    "content": CONTENT,
                    "example": "事项：开会",
                }
            ]
        }

    async def test_is_read_by_get(self, api: Api, template_id: str) -> None:
        assert (await api.post(LIST, {}))["errcode"] == 43001

    def test_holds_twenty_five(self, sim: Simulator) -> None:
        for number in range(25):
            sim.world.templates.add(NOODLES, f"第{number}", CONTENT)
        with pytest.raises(ValueError, match="25 templates"):
            sim.world.templates.add(NOODLES, "多", CONTENT)


class TestRefusals:
    async def test_an_account_without_the_right(self, api: Api, shop: Shop, template_id: str) -> None:
        shop.template_messages = False

        assert (await api.get(LIST))["errcode"] == 48001
        assert (await api.post(SEND, message(template_id)))["errcode"] == 48001

    @pytest.mark.parametrize(
        ("changes", "errcode"),
        [
            ({"touser": "oNobody"}, 40003),
            ({"touser": 7}, 40003),
            ({"template_id": "other"}, 40037),
            ({"template_id": None}, 40037),
            ({"data": None}, 47001),
            ({"data": {"thing1": "x"}}, 47001),
            ({"client_msg_id": 7}, 47001),
        ],
    )
    async def test_a_wrong_part(
        self, sim: Simulator, api: Api, template_id: str, changes: dict[str, Any], errcode: int
    ) -> None:
        assert (await api.post(SEND, message(template_id) | changes))["errcode"] == errcode
        assert sim.chat(NOODLES, WANG) == []

    async def test_a_template_that_was_taken_away(self, sim: Simulator, api: Api, template_id: str) -> None:
        sim.world.templates.remove(NOODLES, template_id)

        assert (await api.post(SEND, message(template_id)))["errcode"] == 40037

    async def test_somebody_who_does_not_follow(
        self, sim: Simulator, api: Api, server: ShopServer, template_id: str
    ) -> None:
        await sim.unfollow(NOODLES, WANG)

        assert (await api.post(SEND, message(template_id)))["errcode"] == 43004

    @pytest.mark.parametrize(
        ("name", "value", "how"),
        [
            ("thing1", "", "is empty"),
            ("thing1", None, "is empty"),
            ("thing1", "一" * 21, "invalid"),
            ("thing1", 7, "invalid"),
            ("const2", "别的", "invalid"),
            ("number3", "一", "invalid"),
            ("number3", "1" * 33, "invalid"),
            ("time4", "2026-11-22 14:02", "invalid"),
            ("time4", "24:00", "invalid"),
            ("thing9", "没有这一项", "invalid"),
        ],
    )
    async def test_a_value_against_its_kind_by_the_fields_name(
        self, api: Api, template_id: str, name: str, value: object, how: str
    ) -> None:
        answer = await api.post(SEND, message(template_id, **{name: value}))

        assert answer["errcode"] == 47003
        assert answer["errmsg"].startswith(f"argument invalid! data.{name}.value {how} rid: ")

    @pytest.mark.parametrize(
        ("kind", "good", "bad"),
        [
            ("letter", "Info", "info1"),
            ("symbol", "-", "a"),
            ("character_string", "No. 1042", "编号1042"),
            ("date", "2026年11月22日", "11月22日"),
            ("amount", "0.50元", "五元"),
            ("phone_number", "+86-0571-1234567", "电话"),
            ("car_number", "浙A12345", "浙A 12345"),
            ("name", "张三", "张三3"),
            ("phrase", "待处理", "待处理！"),
            ("keyword", "随便什么" * 20, "x" * 201),
        ],
    )
    async def test_the_other_kinds(self, sim: Simulator, api: Api, kind: str, good: str, bad: str) -> None:
        own = sim.world.templates.add(NOODLES, "一项", f"内容：{{{{{kind}1.DATA}}}}")

        for value, errcode in ((good, 0), (bad, 47003)):
            body = {"touser": WANG, "template_id": own, "data": {f"{kind}1": {"value": value}}}
            assert (await api.post(SEND, body))["errcode"] == errcode


class TestWhatIsSeen:
    async def test_a_card_with_a_line_for_each_key(self, sim: Simulator, api: Api, template_id: str) -> None:
        answer = await api.post(SEND, message(template_id, first="你好", remark="再见"))

        assert (answer["errcode"], answer["errmsg"], answer["msgid"] > 0) == (0, "ok", True)
        [shown] = sim.chat(NOODLES, WANG)
        assert shown == Bubble(
            "account",
            "template",
            "待办提醒\n事项：春节券未通过审核\n状态：待处理\n数量：1\n时间：2026年11月22日 14:02",
            shown.at,
            "template",
            (
                {"label": "事项", "value": "春节券未通过审核"},
                {"label": "状态", "value": "待处理"},
                {"label": "数量", "value": "1"},
                {"label": "时间", "value": "2026年11月22日 14:02"},
            ),
        )

    async def test_a_line_break_cuts_a_value(self, sim: Simulator, api: Api, template_id: str) -> None:
        await api.post(SEND, message(template_id, thing1="春节券\n未通过审核"))

        assert "事项：春节券\n状态" in sim.chat(NOODLES, WANG)[0].text

    async def test_no_window_is_needed_and_none_opened(self, sim: Simulator, api: Api, template_id: str) -> None:
        await api.post(SEND, message(template_id))

        custom = {"touser": WANG, "msgtype": "text", "text": {"content": "x"}}
        assert (await api.post("/cgi-bin/message/custom/send", custom))["errcode"] == 45015

    async def test_one_client_msg_id_is_one_message_for_ten_minutes(
        self, sim: Simulator, api: Api, template_id: str, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to("2026-11-22 06:02:00+00:00", tick=False)
        body = message(template_id) | {"client_msg_id": "m1"}
        first = await api.post(SEND, body)
        time_machine.shift(599)
        again = await api.post(SEND, body)
        other = await api.post(SEND, body | {"touser": ZHANG})
        time_machine.shift(1)
        later = await api.post(SEND, body)

        assert again["msgid"] == first["msgid"]
        assert len({first["msgid"], other["msgid"], later["msgid"]}) == 3
        assert len(sim.chat(NOODLES, WANG)) == 2


class TestWhatBecomesOfIt:
    async def test_success_is_pushed_under_the_msgid(
        self, sim: Simulator, api: Api, server: ShopServer, template_id: str
    ) -> None:
        sent = await api.post(SEND, message(template_id))
        await until_pushed(sim)

        opened = server.opened()
        assert f"<MsgID>{sent['msgid']}</MsgID>" in opened
        assert "<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>" in opened
        assert "<Status><![CDATA[success]]></Status>" in opened
        assert f"<FromUserName><![CDATA[{WANG}]]></FromUserName>" in opened

    @pytest.mark.parametrize("end", ["failed:user block", "failed: system failed"])
    async def test_a_failure_on_demand_shows_nothing(
        self, sim: Simulator, api: Api, server: ShopServer, template_id: str, end: str
    ) -> None:
        sim.world.templates.will_end(end)
        await api.post(SEND, message(template_id))
        await until_pushed(sim)

        assert f"<Status><![CDATA[{end}]]></Status>" in server.opened()
        assert sim.chat(NOODLES, WANG) == []
        await api.post(SEND, message(template_id))
        assert len(sim.chat(NOODLES, WANG)) == 1

    async def test_none_on_demand(self, sim: Simulator, api: Api, server: ShopServer, template_id: str) -> None:
        sim.world.templates.will_end(None)
        await api.post(SEND, message(template_id))
        await api.post(SEND, message(template_id))
        await until_pushed(sim)

        assert len(sim.chat(NOODLES, WANG)) == 2
        assert len(server.requests) == 1

    async def test_it_may_come_before_the_answer(
        self, sim: Simulator, api: Api, server: ShopServer, template_id: str
    ) -> None:
        await api.stable_token()
        sim.fault(SEND, Fault(delay=0.3))
        sending = asyncio.ensure_future(api.post(SEND, message(template_id)))
        await until_pushed(sim)

        assert not sending.done()
        assert f"<MsgID>{(await sending)['msgid']}</MsgID>" in server.opened()

    async def test_an_account_without_an_address_hears_nothing(
        self, sim: Simulator, api: Api, template_id: str
    ) -> None:
        assert (await api.post(SEND, message(template_id)))["errcode"] == 0
        assert sim.pushes() == []
