"""The older strong authorisation: papers of the provider and of its merchants, and WeChat's answers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator import Simulator
from bot.simulator.elements import read
from tests.images import png
from tests.simulator.conftest import NOODLES, ShopServer
from tests.simulator.open_platform.conftest import PLATFORM, Provider


@pytest.fixture
def paper(sim: Simulator) -> str:
    """A media id."""
    return sim.world.media.add(NOODLES, "image", png(4, 4)).media_id


def agent(paper: str) -> dict[str, Any]:
    """The provider's papers."""
    names = (
        "business_license_media_id",
        "tax_registration_certificate_media_id",
        "last_quarter_tax_listing_media_id",
    )
    return {"register_capital": 100_000_00, **dict.fromkeys(names, paper)}


def merchant(paper: str) -> dict[str, Any]:
    """A merchant's papers."""
    names = ("logo_media_id", "business_license_media_id", "operator_id_card_media_id", "agreement_file_media_id")
    who = {"appid": NOODLES, "name": "面馆", "primary_category_id": 1, "secondary_category_id": 101}
    return {**who, **dict.fromkeys(names, paper)}


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"register_capital": 0}, 40097),
        ({"register_capital": "1"}, 40097),
        ({"business_license_media_id": None}, 41011),
        ({"last_quarter_tax_listing_media_id": "nobody"}, 40007),
    ],
)
async def test_the_providers_papers_are_looked_at(
    provider: Provider, paper: str, changes: dict[str, Any], errcode: int
) -> None:
    answer = await provider.ask("upload_card_agent_qualification", **agent(paper) | changes)
    assert answer["errcode"] == errcode


async def check_agent(provider: Provider) -> str:
    """Where the provider's papers stand."""
    path, token = "/cgi-bin/component/check_card_agent_qualification", provider.token
    result: str = (await provider.post(path, {}, method="GET", access_token=token))["result"]
    return result


async def test_the_provider_is_checked(sim: Simulator, provider: Provider, paper: str) -> None:
    assert (await provider.ask("upload_card_merchant_qualification", **merchant(paper)))["errcode"] == 43014
    assert await check_agent(provider) == "RESULT_NOTHING_TO_CHECK"
    with pytest.raises(LookupError, match="not being checked"):
        sim.review_agent(approve=True)
    assert (await provider.ask("upload_card_agent_qualification", **agent(paper)))["errcode"] == 0
    assert await check_agent(provider) == "RESULT_CHECKING"

    sim.review_agent(approve=False)
    assert await check_agent(provider) == "RESULT_NOT_PASS"
    await provider.ask("upload_card_agent_qualification", **agent(paper))
    sim.review_agent(approve=True)
    assert await check_agent(provider) == "RESULT_PASS"


class TestMerchants:
    """upload_, check_, get_ and batchget_ of merchants, once the provider has passed."""

    @pytest.fixture(autouse=True)
    def passed(self, sim: Simulator, provider: Provider) -> None:  # noqa: ARG002 - there has to be a component
        sim.world.platform.card_agents.set_agent(PLATFORM, "RESULT_PASS")

    @pytest.mark.parametrize(
        ("changes", "errcode"),
        [
            ({"appid": ""}, 41002),
            ({"appid": "wxffffffffffffffff"}, 40013),
            ({"name": ""}, 41011),
            ({"logo_media_id": "nobody"}, 40007),
            ({"agreement_file_media_id": None}, 41011),
            ({"primary_category_id": "1"}, 40097),
            ({"secondary_category_id": 201}, 45160),
        ],
    )
    async def test_papers_are_looked_at(
        self, provider: Provider, paper: str, changes: dict[str, Any], errcode: int
    ) -> None:
        answer = await provider.ask("upload_card_merchant_qualification", **merchant(paper) | changes)
        assert answer["errcode"] == errcode

    async def test_the_misspelt_logo_is_taken(self, provider: Provider, paper: str) -> None:
        papers = merchant(paper)
        papers["logo_meida_id"] = papers.pop("logo_media_id")
        assert (await provider.ask("upload_card_merchant_qualification", **papers))["errcode"] == 0

    async def test_only_after_a_refusal_papers_come_again(
        self, sim: Simulator, provider: Provider, hall: ShopServer, paper: str
    ) -> None:
        async def result() -> str:
            answer: str = (await provider.ask("check_card_merchant_qualification", appid=NOODLES))["result"]
            return answer

        assert await result() == "RESULT_NOTHING_TO_CHECK"
        with pytest.raises(LookupError, match="not being checked"):
            await sim.review_card_merchant(NOODLES, approve=True)
        assert (await provider.ask("upload_card_merchant_qualification", **merchant(paper)))["errcode"] == 0
        assert (await provider.ask("upload_card_merchant_qualification", **merchant(paper)))["errcode"] == 40140
        assert await result() == "RESULT_CHECKING"
        await sim.review_card_merchant(NOODLES, approve=False, reason="公章不清楚")
        assert await result() == "RESULT_NOT_PASS"
        assert (await provider.ask("upload_card_merchant_qualification", **merchant(paper)))["errcode"] == 0
        sim.platform_readings.result_in_event = True
        await sim.review_card_merchant(NOODLES, approve=True)

        told = [read(hall.opened(number).encode()) | {"CreateTime": ""} for number in (0, 1)]
        common = {"AppId": PLATFORM, "CreateTime": "", "SubMerchantAppId": NOODLES}
        name = "card_merchant_auth_check_result"
        assert told == [
            common | {"InfoType": name, "IsPass": "0", "Reason": "公章不清楚"},
            common | {"Event": name, "IsPass": "1", "Reason": ""},
        ]

    async def test_one_and_all_of_them(self, sim: Simulator, provider: Provider, paper: str) -> None:
        assert (await provider.ask("get_card_merchant", appid=NOODLES))["errcode"] == 40013
        for shop in sim.authorise_many(21):
            await provider.ask("upload_card_merchant_qualification", **merchant(paper) | {"appid": shop.appid})
        first = await provider.ask("batchget_card_merchant", next_get="")
        last = await provider.ask("batchget_card_merchant", next_get=first["next_get"])
        one = await provider.ask("get_card_merchant", appid=shop.appid)

        assert (len(first["list"]), first["next_get"], len(last["list"]), last["next_get"]) == (20, "20", 1, "")
        assert {"errcode": 0, "errmsg": "ok", **last["list"][0]} == one
        assert one | {"submit_time": 0} == {
            "errcode": 0,
            "errmsg": "ok",
            "appid": shop.appid,
            "name": "面馆",
            "primary_category_id": 1,
            "secondary_category_id": 101,
            "submit_time": 0,
            "result": "RESULT_CHECKING",
        }
        assert (await provider.ask("batchget_card_merchant", next_get="x"))["errcode"] == 40097
