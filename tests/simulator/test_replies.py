"""What the person reads when the shop's server answers well, and when it does not."""

from __future__ import annotations

import re

import pytest

from bot.simulator import FAILURE_LINE, Delivery, Shop, Simulator
from tests.simulator.conftest import NOODLES, WANG, Answer, ShopServer

OWN = "gh_0000000000a1"


def xml(
    content: str = "<![CDATA[收到]]>", *, to: str = WANG, sender: str = OWN, time: str = "1", kind: str = "text"
) -> str:
    return (
        f"<xml><ToUserName>{to}</ToUserName><FromUserName>{sender}</FromUserName><CreateTime>{time}</CreateTime>"
        f"<MsgType>{kind}</MsgType><Content>{content}</Content></xml>"
    )


def other(kind: str, inner: str) -> str:
    return xml(kind=kind).replace("<Content><![CDATA[收到]]></Content>", inner)


NEWS = "<ArticleCount>{count}</ArticleCount><Articles>{items}</Articles>"
ITEM = (
    "<item><Title>图</Title><Description>核销 54 张</Description><PicUrl>https://b.example/p.png</PicUrl>"
    "<Url>https://b.example/r</Url></item>"
)


def refused(delivery: Delivery, reason: str) -> None:
    """The person reads the failure line, WeChat has not tried again."""
    assert (delivery.text, delivery.reply, len(delivery.attempts)) == (FAILURE_LINE, None, 1)
    assert reason in delivery.failure


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("not xml", "not well-formed"),
        ('{"MsgType":"text"}', "not well-formed"),
        (xml().replace("xml>", "reply>"), "the root is <reply>"),
        ("<!DOCTYPE a>" + xml(), "has a DTD"),
        (xml(""), "Content is missing, empty or repeated"),
        (xml("  \n"), "Content is missing, empty or repeated"),
        (xml("a</Content><Content>b"), "Content is missing, empty or repeated"),
        (xml("a<b>c</b>"), "Content is missing, empty or repeated"),
        (xml("好" * 683), "Content has 2049 bytes, the limit is 2048"),
        (xml(to=OWN, sender=WANG), "swapped"),
        (xml(to="oSomebodyElse"), "swapped"),
        (xml(time="now"), "CreateTime is not an integer"),
        (xml(time=""), "CreateTime is missing"),
        (xml(kind="sms"), "MsgType is 'sms'"),
        (other("image", "<Image/>"), "Image lacks MediaId"),
        (other("image", "<Image><MediaId>m</MediaId></Image>"), "invalid media_id"),
        (other("news", NEWS.format(count=2, items=ITEM * 2)), "2 articles"),
        (other("news", NEWS.format(count=2, items=ITEM)), "1 articles"),
        (other("news", NEWS.format(count=0, items="")), "0 articles"),
        (other("news", NEWS.format(count=1, items="<item>图</item>")), "an article has no members"),
        *(
            (other("news", NEWS.format(count=1, items=re.sub(f"<{name}>.*?</{name}>", f"<{name}/>", ITEM))), name)
            for name in ("Title", "Description", "PicUrl", "Url")
        ),
        *(
            (other("news", NEWS.format(count=1, items=ITEM.replace(*replaced))), reason)
            for replaced, reason in (
                (("https://b.example/r", "b.example/r"), "no http address"),
                (("https://b.example/p.png", "javascript:p"), "no http address"),
                (("<Title>", "<Title>一</Title><Title>"), "repeated"),
            )
        ),
    ],
)
async def test_a_malformed_reply_ends_in_the_failure_line(
    sim: Simulator, server: ShopServer, reply: str, reason: str
) -> None:
    server.will_reply(reply)

    refused(await sim.text(NOODLES, WANG, "统计"), reason)
    assert [(b.kind, b.text, b.via) for b in sim.chat(NOODLES, WANG)][-1] == ("failure", FAILURE_LINE, "system")


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (xml(), "收到"),
        (xml("a" * 2048), "a" * 2048),
        (xml("第一行\n&lt;a href=&quot;x&quot;&gt;"), '第一行\n<a href="x">'),
        (other("news", NEWS.format(count=1, items=ITEM)), "图\n核销 54 张"),
    ],
)
async def test_a_good_reply_is_shown(sim: Simulator, server: ShopServer, reply: str, text: str) -> None:
    server.will_reply(reply)

    delivery = await sim.text(NOODLES, WANG, "统计")

    assert (delivery.text, delivery.failure) == (text, "")
    assert [(b.side, b.text, b.via) for b in sim.chat(NOODLES, WANG)] == [
        ("person", "统计", ""),
        ("account", text, "passive"),
    ]


@pytest.mark.parametrize("nothing", [b"", b"success"])
async def test_success_and_nothing_show_nothing(sim: Simulator, server: ShopServer, nothing: bytes) -> None:
    server.answers.append(Answer(nothing))

    delivery = await sim.text(NOODLES, WANG, "统计")

    assert (delivery.text, delivery.reply, delivery.failure, len(delivery.attempts)) == ("", None, "", 1)


@pytest.mark.parametrize("nearly", [b"success\n", b"SUCCESS", b" ", b"ok", b'"success"'])
async def test_anything_like_success_is_malformed(sim: Simulator, server: ShopServer, nearly: bytes) -> None:
    server.answers.append(Answer(nearly))

    refused(await sim.text(NOODLES, WANG, "统计"), "not well-formed")


async def test_an_event_may_be_answered_with_eight_articles_but_not_nine(sim: Simulator, server: ShopServer) -> None:
    server.will_reply(other("news", NEWS.format(count=8, items=ITEM * 8)))
    server.will_reply(other("news", NEWS.format(count=9, items=ITEM * 9)))

    assert (await sim.event(NOODLES, WANG, "CLICK", {"EventKey": "k"})).failure == ""
    refused(await sim.event(NOODLES, WANG, "CLICK", {"EventKey": "k2"}), "9 articles")


async def test_handing_over_to_human_agents_shows_nothing(sim: Simulator, server: ShopServer) -> None:
    server.will_reply(other("transfer_customer_service", ""))

    delivery = await sim.text(NOODLES, WANG, "人工")

    assert delivery.text == ""
    assert delivery.reply is not None
    assert delivery.reply["MsgType"] == "transfer_customer_service"


class TestEnvelope:
    """Safe mode wants an envelope, complete, signed, sealed for this account with this key."""

    async def test_a_plain_reply_is_refused(self, sim: Simulator, server: ShopServer) -> None:
        server.answers.append(Answer(xml().encode()))

        refused(await sim.text(NOODLES, WANG, "统计"), "a plain reply in safe mode")

    @pytest.mark.parametrize(
        ("other_keys", "reason"),
        [
            ({"token": "wrong"}, "MsgSignature is wrong"),
            ({"appid": "wxffffffffffffffff"}, "the appid at the end"),
            ({"key": "b" * 43}, ""),
        ],
    )
    async def test_a_reply_sealed_with_other_keys_is_refused(
        self, sim: Simulator, server: ShopServer, other_keys: dict[str, str], reason: str
    ) -> None:
        server.will_reply(xml(), **other_keys)

        refused(await sim.text(NOODLES, WANG, "统计"), reason)

    async def test_a_reply_under_another_nonce_is_refused(self, sim: Simulator, server: ShopServer) -> None:
        server.answers.append(Answer(server.seal(xml(), "1")))

        refused(await sim.text(NOODLES, WANG, "统计"), "Nonce is not the push's")

    @pytest.mark.parametrize("name", ["MsgSignature", "TimeStamp", "Nonce"])
    async def test_an_incomplete_envelope_is_refused(self, sim: Simulator, server: ShopServer, name: str) -> None:
        server.answers.append(
            lambda request: Answer(
                server.seal(xml(), request.query_arguments["nonce"][0].decode()).replace(name.encode(), b"Other")
            )
        )

        refused(await sim.text(NOODLES, WANG, "统计"), "the envelope has")

    async def test_compatible_mode_takes_both_kinds(self, sim: Simulator, shop: Shop, server: ShopServer) -> None:
        shop.mode = "compatible"
        server.answers.append(Answer(xml("plain").encode()))
        server.will_reply(xml("sealed"))

        assert (await sim.text(NOODLES, WANG, "1")).text == "plain"
        assert (await sim.text(NOODLES, WANG, "2")).text == "sealed"

    async def test_plain_mode_refuses_an_envelope(self, sim: Simulator, shop: Shop, server: ShopServer) -> None:
        shop.mode = "plain"
        server.will_reply(xml())

        refused(await sim.text(NOODLES, WANG, "统计"), "an encrypted reply in plain mode")
