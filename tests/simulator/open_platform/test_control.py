"""The control API of the Open Platform, and the authorisation pages as a browser gets them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from tornado.httpclient import AsyncHTTPClient

from bot.simulator import Component, Simulator
from bot.simulator.elements import read
from bot.simulator.open_platform import herald
from tests.simulator.conftest import NOODLES, ShopServer
from tests.simulator.open_platform.conftest import DOMAIN, PLATFORM, Provider
from tests.simulator.test_control import Page

BACK = f"https://{DOMAIN}/component/authorized?state=abc"
PATHS = {
    "scan": "/cgi-bin/componentloginpage",
    "phone": "/wxaopen/safe/bindcomponent",
    "old phone": "/safe/bindcomponent",
}


@pytest.fixture
async def page(sim: Simulator) -> AsyncIterator[Page]:
    own = Page(sim)
    yield own
    own.client.close()


@pytest.mark.parametrize("route", ["platform", "ticket", "authorise", "unauthorise", "publish", "papers"])
async def test_without_a_component_there_is_nothing_to_do(page: Page, route: str) -> None:
    code, answer = await page.post(f"/_control/{route}", {"appid": NOODLES, "approve": True})
    assert (code, answer) == (404, {"error": "there is no component"})
    assert await page.get("/_control/platform") == {"component": None}


@pytest.mark.parametrize(
    ("route", "body", "status"),
    [
        ("platform", {"published": 1}, 400),
        ("platform", {"order": "by pigeon"}, 400),
        ("platform", {"testers": "wx"}, 400),
        ("platform", {"addresses": [1]}, 400),
        ("platform", {"sets": ["1"]}, 400),
        ("platform", {"secret": "x"}, 400),
        ("platform", {"readings": []}, 400),
        ("platform", {"readings": {"colour": True}}, 400),
        ("platform", {"readings": {"pre_auth_seconds": True}}, 400),
        ("ticket", {}, 400),
        ("ticket", {"act": "burn"}, 400),
        ("ticket", {"act": "repeat", "back": "1"}, 400),
        ("ticket", {"act": "repeat"}, 404),
        ("authorise", {}, 400),
        ("authorise", {"appid": "wxffffffffffffffff"}, 404),
        ("authorise", {"appid": NOODLES, "sets": "1"}, 400),
        ("authorise", {"appid": NOODLES, "sets": []}, 400),
        ("authorise", {"appid": NOODLES, "sets": [99]}, 400),
        ("authorise", {"appid": NOODLES, "page": 7}, 400),
        ("authorise", {"appid": NOODLES, "page": "https://mp.weixin.qq.com/?x=1"}, 400),
        ("unauthorise", {"appid": NOODLES}, 404),
        ("publish", {"groups": [6]}, 400),
        ("publish", {"groups": 1}, 400),
        ("publish", {"noise": 1}, 400),
        ("papers", {"kind": "agent"}, 400),
        ("papers", {"kind": "x", "approve": True}, 400),
        ("papers", {"kind": "agent", "approve": True}, 404),
        ("papers", {"kind": "merchant", "approve": True, "appid": NOODLES}, 404),
        ("papers", {"kind": "merchant", "approve": True, "appid": NOODLES, "reason": 7}, 400),
    ],
)
async def test_refuses_what_makes_no_sense(
    page: Page, component: Component, hall: ShopServer, route: str, body: dict[str, Any], status: int
) -> None:
    before = dict(vars(component))
    code, answer = await page.post(f"/_control/{route}", body)

    assert (code, list(answer)) == (status, ["error"])
    assert vars(component) == before
    assert hall.requests == []


async def test_shows_the_component_without_its_secrets(sim: Simulator, page: Page, component: Component) -> None:
    component.name = "卡券管家"
    await sim.authorise(NOODLES, [8])
    shown = await page.get("/_control/platform")

    assert not {"secret", "token", "encoding_aes_key"} & set(shown["component"])
    assert (shown["component"]["name"], shown["component"]["domain"]) == ("卡券管家", DOMAIN)
    assert shown["component"]["sets"][4] == {"id": 8, "name": "微信卡券"}
    assert shown["ticket"] == {"newest": 0.0, "due": 0.0}
    assert shown["readings"]["pre_auth_seconds"] == 600
    [account] = shown["accounts"]
    assert (account["appid"], account["sets"]) == (NOODLES, [{"id": 8, "name": "微信卡券"}])
    assert account["auth_time"] > 0


async def test_changes_the_component_and_its_readings(sim: Simulator, page: Page, component: Component) -> None:
    changes = {"published": False, "order": "event lost", "testers": [NOODLES], "addresses": ["10.0.0.1"], "sets": [1]}
    code, _ = await page.post("/_control/platform", changes | {"readings": {"refresh_changes": True}})

    assert code == 200
    assert (component.published, component.order, component.testers) == (False, "event lost", (NOODLES,))
    assert (component.addresses, component.sets) == (("10.0.0.1",), (1,))
    assert sim.platform_readings.refresh_changes
    await page.post("/_control/platform", {"addresses": None})
    assert component.addresses is None


async def test_tickets_are_pushed_repeated_and_stopped(page: Page, component: Component, hall: ShopServer) -> None:
    code, answer = await page.post("/_control/ticket", {"act": "push"})
    assert (code, answer["failure"], answer["attempts"][0]["status"]) == (200, "", 200)
    await page.post("/_control/ticket", {"act": "push"})
    await page.post("/_control/ticket", {"act": "repeat", "back": 1})
    assert read(hall.opened(2).encode()) == read(hall.opened(0).encode())

    await page.post("/_control/ticket", {"act": "resume"})
    assert component.pushing
    await page.post("/_control/ticket", {"act": "stop"})
    assert not component.pushing


async def test_an_account_joins_changes_and_leaves(page: Page, sim: Simulator, hall: ShopServer) -> None:
    answers = [
        await page.post("/_control/authorise", {"appid": NOODLES}),
        await page.post("/_control/authorise", {"appid": NOODLES, "sets": [8]}),
        await page.post("/_control/authorise", {"appid": NOODLES, "sets": [8]}),
        await page.post("/_control/unauthorise", {"appid": NOODLES}),
    ]

    assert [code for code, _ in answers] == [200] * 4
    assert [answer["event"] and answer["event"]["failure"] for _, answer in answers[:3]] == ["", "", None]
    told = [read(hall.opened(number).encode())["InfoType"] for number in range(len(hall.requests))]
    assert told == ["authorized", "updateauthorized", "unauthorized"]
    assert sim.authorisation(NOODLES) is None


async def test_the_publication_check_is_readable(page: Page, component: Component, hall: ShopServer) -> None:
    component.sets = (8,)
    component.published = False
    code, answer = await page.post("/_control/publish", {"groups": [1, 2], "publish": True})

    assert (code, answer["passed"], component.published) == (200, True, True)
    [finding] = answer["findings"]
    assert finding | {"seconds": 0} == {
        "group": 0,
        "case": "component_verify_ticket",
        "appid": PLATFORM,
        "sent": "component_verify_ticket",
        "expected": "success",
        "came": "success",
        "seconds": 0,
        "passed": True,
    }
    assert len(hall.requests) == 1


async def test_test_accounts_do_not_show(page: Page, sim: Simulator, hall: ShopServer) -> None:
    hall.answers.clear()
    await page.post("/_control/publish", {"groups": [1], "events": False, "patience": 0.2})

    assert [shop["appid"] for shop in (await page.get("/_control/state"))["shops"]] == [NOODLES]
    assert [account["appid"] for account in (await page.get("/_control/platform"))["accounts"]] == [NOODLES]


async def test_papers_are_decided(page: Page, sim: Simulator, component: Component, hall: ShopServer) -> None:
    agents = sim.world.platform.card_agents
    agents.set_agent(PLATFORM, "RESULT_CHECKING")
    assert (await page.post("/_control/papers", {"kind": "agent", "approve": True}))[0] == 200
    assert agents.agent == "RESULT_PASS"

    agents.submit(NOODLES, {})
    decision = {"kind": "merchant", "appid": NOODLES, "approve": False, "reason": "公章不清楚"}
    code, answer = await page.post("/_control/papers", decision)
    assert (code, answer["failure"]) == (200, "")
    assert read(hall.opened().encode())["Reason"] == "公章不清楚"


class TestPage:
    """The pages people see."""

    @pytest.fixture
    async def link(self, provider: Provider) -> dict[str, str]:
        """The query of a page."""
        code = (await provider.ask("api_create_preauthcode"))["pre_auth_code"]
        return {"component_appid": PLATFORM, "pre_auth_code": code, "redirect_uri": BACK, "auth_type": "3"}

    async def fetch(self, sim: Simulator, variant: str, query: dict[str, str], referer: str) -> tuple[int, str]:
        """Status and page."""
        client = AsyncHTTPClient(force_instance=True)
        own = {} if variant == "scan" else {"action": "bindcomponent", "no_scan": "1"}
        headers = {"Referer": referer} if referer else {}
        address = f"{sim.url}{PATHS[variant]}?{urlencode(own | query)}"
        response = await client.fetch(address, headers=headers, raise_error=False)
        client.close()
        return response.code, response.body.decode()

    @pytest.mark.parametrize("variant", PATHS)
    async def test_shows_a_link_of_the_registered_domain(
        self, sim: Simulator, link: dict[str, str], variant: str
    ) -> None:
        code, html = await self.fetch(sim, variant, link, f"https://{DOMAIN}/")

        assert code == 200
        assert f'data-variant="{variant.removeprefix("old ")}" data-refusal=""' in html

    @pytest.mark.parametrize(("referer", "seen"), [("", "空"), ("https://evil.example/", "evil.example"), ("x", "空")])
    async def test_refuses_a_link_tapped_elsewhere(
        self, sim: Simulator, link: dict[str, str], referer: str, seen: str
    ) -> None:
        code, html = await self.fetch(sim, "scan", link, referer)
        assert code == 400
        assert f'data-refusal="授权入口页的域名是 {seen}，登记的是 {DOMAIN}"' in html

        sim.platform_readings.entry_checked = False
        assert (await self.fetch(sim, "scan", link, referer))[0] == 200

    async def test_says_no_in_words_that_are_text(self, sim: Simulator, link: dict[str, str]) -> None:
        evil = link | {"redirect_uri": "https://<script>/"}
        code, html = await self.fetch(sim, "scan", evil, f"https://{DOMAIN}/")

        assert code == 400
        assert "redirect_uri 的域名是 &lt;script&gt;" in html

    async def test_the_phones_page_needs_its_own_parameters(self, sim: Simulator, link: dict[str, str]) -> None:
        code, html = await self.fetch(sim, "phone", link | {"no_scan": "0"}, f"https://{DOMAIN}/")
        assert (code, "链接不完整：需要 action=bindcomponent 和 no_scan=1" in html) == (400, True)

    async def test_lists_accounts_and_sets(
        self, page: Page, sim: Simulator, component: Component, link: dict[str, str]
    ) -> None:
        component.published, component.name = False, "卡券管家"
        shown = await page.get(f"/_control/authorise?{urlencode(link | {'category_id_list': '8'})}")

        assert shown == {
            "component": "卡券管家",
            "accounts": [
                {
                    "appid": NOODLES,
                    "name": "面馆",
                    "obstacle": "第三方平台还没有全网发布，这个公众号不在测试名单里",
                    "granted": False,
                }
            ],
            "sets": [{"id": 8, "name": "微信卡券"}],
        }
        refusal = await page.fetch(f"/_control/authorise?{urlencode(link | {'auth_type': '9'})}")
        assert refusal.code == 400

    @pytest.mark.parametrize(
        ("order", "comes_back", "events"),
        [
            ("event first", True, 1),
            ("redirect first", True, 1),
            ("event lost", True, 0),
            ("redirect lost", False, 1),
        ],
    )
    async def test_a_confirmation_sends_the_browser_back(
        self,
        page: Page,
        sim: Simulator,
        component: Component,
        hall: ShopServer,
        link: dict[str, str],
        monkeypatch: pytest.MonkeyPatch,
        order: Any,
        comes_back: bool,
        events: int,
    ) -> None:
        monkeypatch.setattr(herald, "EVENT_LAG", 0.0)
        component.order = order
        address = f"https://mp.weixin.qq.com/cgi-bin/componentloginpage?{urlencode(link)}"
        code, answer = await page.post("/_control/authorise", {"appid": NOODLES, "sets": [1, 8], "page": address})
        await sim.settled()

        assert code == 200
        assert answer["location"].startswith(f"{BACK}&auth_code=queryauthcode%40%40%40") == comes_back
        assert bool(answer["location"]) == comes_back
        assert len(hall.requests) == events
        assert (await page.post("/_control/authorise", {"appid": NOODLES, "sets": [1], "page": address})) == (
            400,
            {"error": "pre_auth_code has been used"},
        )
