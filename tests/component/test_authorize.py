"""A merchant's administrator in the browser: the start page, WeChat's page, the way back with the owner's code."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import time_machine
from yarl import URL

from bot.simulator import Fault
from bot.store import Store
from tests.component.conftest import NOODLES, Hall

DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.50"
PHONE = "Mozilla/5.0 (Linux; Android 15) Mobile Safari/537.36"


class Browser:
    """A browser with cookies of its own; ``hall.public`` is this machine under its name."""

    def __init__(self, hall: Hall, agent: str = DESKTOP, language: str = "zh-CN") -> None:
        self.hall = hall
        headers = {"User-Agent": agent, "Accept-Language": language}
        self._session = aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.DummyCookieJar())
        self._cookies: dict[str, str] = {}

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def open(self, address: str) -> tuple[int, str]:
        """Status and HTML of a page; the public address leads here."""
        local = address.replace(PUBLIC, self.hall.address)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        async with self._session.get(URL(local, encoded=True), headers=sent) as answer:
            self.headers = answer.headers
            # Secure ones, too: what is https to the world is not on this machine.
            self._cookies |= {name: cookie.value for name, cookie in answer.cookies.items()}
            return answer.status, await answer.text()

    async def starts(self) -> str:
        """The start page; WeChat's page it leads to."""
        status, page = await self.open(f"{PUBLIC}/component/authorize")
        assert status == 200
        return unescape(re.findall(r'<a class="button" href="([^"]+)"', page)[0])


PUBLIC = "https://bot.example.com"


def text_of(page: str) -> str:
    """What a page says, line by line."""
    body = re.sub(r"<(style|title)>.*?</\1>", "", page, flags=re.S)
    lines = (line.strip() for line in unescape(re.sub(r"<[^>]+>", "\n", body)).splitlines())
    return "\n".join(line for line in lines if line)


@pytest.mark.parametrize(
    ("agent", "host", "path"),
    [
        (DESKTOP, "mp.weixin.qq.com", "/cgi-bin/componentloginpage"),
        (PHONE, "mp.weixin.qq.com", "/cgi-bin/componentloginpage"),
        (WECHAT, "open.weixin.qq.com", "/wxaopen/safe/bindcomponent"),
    ],
)
async def test_the_start_page_leads_to_wechats(hall: Hall, agent: str, host: str, path: str) -> None:
    async with Browser(hall, agent) as browser:
        onward = urlsplit(await browser.starts())
        query = parse_qs(onward.query)

        assert (onward.hostname, onward.path) == (host, path)
        assert query["component_appid"] == [hall.component.appid]
        assert query["auth_type"] == ["1"]
        assert query["redirect_uri"][0].startswith(f"{PUBLIC}/component/authorized?state=")
        assert (onward.fragment == "wechat_redirect") is (agent == WECHAT)
        assert browser.headers["Referrer-Policy"] == "origin"
        assert "HttpOnly" in browser.headers["Set-Cookie"]
        assert "Secure" in browser.headers["Set-Cookie"]


async def test_what_the_start_page_says(hall: Hall) -> None:
    async with Browser(hall) as browser:
        _, page = await browser.open(f"{PUBLIC}/component/authorize")
    assert text_of(page).startswith(
        "把公众号接入优惠券助手\n接入后，在自己的公众号里发消息就能建券、改券、核销、看数据。不用开发，随时可以取消。\n"
        "三步接入\n点下面的按钮，打开微信的授权页\n公众号管理员用微信扫二维码，选公众号，确认授权\n"
        "回到这里，拿老板的绑定码（10 分钟内完成）\n显示授权二维码\n要用到的权限\n消息管理：收发消息"
    )
    async with Browser(hall, WECHAT, "en-GB") as browser:
        _, page = await browser.open(f"{PUBLIC}/component/authorize")
    assert "\nPick the account and confirm (with the administrator's WeChat)\n" in text_of(page)


async def test_a_merchant_joins_and_its_owner_texts_the_code(hall: Hall) -> None:
    async with Browser(hall) as browser:
        joined = await hall.simulator.authorise(NOODLES, page=await browser.starts(), order="event lost")
        status, page = await browser.open(joined.location)

    assert status == 200
    code = re.findall(r"绑定 (\S+)", text_of(page))[0]
    granted = text_of(page).partition("已授权\n")[2].splitlines()
    assert text_of(page).startswith(
        f"「湖畔面馆」已接入\n还差一步：老板用自己的微信绑定\n老板在公众号里发这句话\n绑定 {code}\n"
        "在微信里打开「湖畔面馆」，把上面这句话发过去。24 小时内有效，只能用一次。\n"
        "不要转给别人：谁先发，谁就是老板。\n已授权\n"
    )
    assert [line.partition("：")[0] for line in granted] == [
        "消息管理", "用户管理", "帐号服务", "群发与通知", "卡券功能", "素材管理", "门店管理", "自定义菜单",
    ]  # fmt: skip
    await hall.says(f"绑定 {code}")
    assert (await hall.says("我")).startswith("「湖畔面馆」· 老板 ")


async def test_the_event_was_first_and_the_browser_is_content(hall: Hall) -> None:
    async with Browser(hall) as browser:
        async with hall.platform.authorizers.news() as news:
            joined = await hall.simulator.authorise(NOODLES, page=await browser.starts(), order="redirect lost")
            await news.next(5)
        status, page = await browser.open(joined.location)

    assert (status, text_of(page).splitlines()[0]) == (200, "「湖畔面馆」已接入")
    assert len(hall.simulator.calls("api_query_auth")) == 1


async def test_a_page_loaded_again_shows_the_same_code(hall: Hall) -> None:
    async with Browser(hall) as browser:
        joined = await hall.simulator.authorise(NOODLES, page=await browser.starts(), order="event lost")
        first = await browser.open(joined.location)
        assert await browser.open(joined.location) == first
        assert len(hall.simulator.calls("api_query_auth")) == 1


async def test_what_comes_back_elsewhere_or_too_late_is_not_believed(
    hall: Hall, clock: time_machine.Traveller
) -> None:
    lost = "这次授权没有接上\n可能隔得太久，或者换了浏览器。请从接入页重新开始，已授权的公众号不受影响"
    async with Browser(hall) as browser, Browser(hall) as another:
        joined = await hall.simulator.authorise(NOODLES, page=await browser.starts(), order="event lost")
        for address in (joined.location, f"{PUBLIC}/component/authorized", f"{PUBLIC}/component/authorized?state=x"):
            status, page = await another.open(address)
            assert (status, text_of(page)) == (403, lost)
        forged = joined.location.replace("auth_code=", "auth_code=forged")
        status, page = await browser.open(forged)
        assert (status, text_of(page)) == (403, lost)
        clock.shift(601)
        status, page = await browser.open(joined.location)
        assert (status, text_of(page)) == (403, lost)
    assert await hall.platform.authorizers.all() == []


async def test_what_is_missing_is_said(hall: Hall) -> None:
    hall.simulator.shop(NOODLES).cards = False
    async with Browser(hall, language="en") as browser:
        joined = await hall.simulator.authorise(NOODLES, [2, 8], page=await browser.starts(), order="event lost")
        _, page = await browser.open(joined.location)

    said = text_of(page)
    assert said.startswith(
        "湖畔面馆 is connected\nMessages were not granted, so nobody hears what is texted to the account\n"
        "Still missing\n"
        "Messages: to hear what you text, and to answer\nAccount service: to make QR codes\n"
    )
    assert 'The card function is not open: the administrator opens it at mp.weixin.qq.com, under "Add plug-in"' in said
    assert "join " not in said


async def test_wechat_or_redis_away(hall: Hall, store: Store) -> None:
    hall.simulator.fault("api_create_preauthcode", Fault(errcode=-1), times=None, appid=hall.component.appid)
    async with Browser(hall) as browser:
        status, page = await browser.open(f"{PUBLIC}/component/authorize")
    assert (status, text_of(page)) == (503, "现在打不开微信的授权页\n请过一分钟再试；一直这样，请联系服务商")
