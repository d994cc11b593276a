"""cgi-bin/component/*_card_*: qualifications of the older strong authorisation (vouchers.md 8.4).

No source says whose upload the media ids are of; those of any account are taken. What a second submission answers is
not printed either: 40140, as with sub-merchants.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.simulator.api.codes import word
from bot.simulator.api.component import PATH
from bot.simulator.api.request import Answer, Endpoint, Request, integer
from bot.simulator.errors import ApiError, ok
from bot.simulator.submerchants import CATEGORIES

AGENT_PAPERS = (
    "business_license_media_id",
    "tax_registration_certificate_media_id",
    "last_quarter_tax_listing_media_id",
)
MERCHANT_PAPERS = ("business_license_media_id", "operator_id_card_media_id", "agreement_file_media_id")
LOGO = ("logo_media_id", "logo_meida_id")
"""The second is how one SDK spells it."""


def _paper(request: Request, body: Mapping[str, Any], name: str) -> None:
    """Raise 41011 without a media id, 40007 for one of nobody."""
    request.world.media.anywhere(word(body, name, 41011, 128))


def upload_agent(request: Request) -> Answer:
    """The provider's own papers; they are checked again and again."""
    integer(request.body, "register_capital", least=1)
    for name in AGENT_PAPERS:
        _paper(request, request.body, name)
    request.world.platform.card_agents.set_agent(request.shop.appid, "RESULT_CHECKING")
    return ok()


def check_agent(request: Request) -> Answer:
    """Where they stand."""
    return ok(result=request.world.platform.card_agents.agent)


def upload_merchant(request: Request) -> Answer:
    """A merchant's papers. Raises 43014 before the provider has passed, 40140 for one that waits or has passed."""
    body, agents = request.body, request.world.platform.card_agents
    if agents.agent != "RESULT_PASS":
        raise ApiError(43014)
    appid = word(body, "appid", 41002, 36)
    if appid not in request.world.shops:
        raise ApiError(40013)
    before = agents.find(appid)
    if before is not None and before.result != "RESULT_NOT_PASS":
        raise ApiError(40140)
    info = {"name": word(body, "name", 41011, 36)}
    _paper(request, body, LOGO[1] if LOGO[0] not in body and LOGO[1] in body else LOGO[0])
    for name in MERCHANT_PAPERS:
        _paper(request, body, name)
    agents.submit(appid, info | _categories(body))
    return ok()


def _categories(body: Mapping[str, Any]) -> dict[str, int]:
    """Raises 40097, and 45160 for a pair that is none of WeChat's."""
    first, second = integer(body, "primary_category_id"), integer(body, "secondary_category_id")
    if (first, second) not in {(one, other) for one, _, others in CATEGORIES for other, _ in others}:
        raise ApiError(45160)
    return {"primary_category_id": first, "secondary_category_id": second}


def check_merchant(request: Request) -> Answer:
    """Where a merchant's papers stand."""
    found = request.world.platform.card_agents.find(word(request.body, "appid", 41002, 36))
    return ok(result=found.result if found else "RESULT_NOTHING_TO_CHECK")


def get_merchant(request: Request) -> Answer:
    """A merchant that was entered. Raises 40013."""
    found = request.world.platform.card_agents.find(word(request.body, "appid", 41002, 36))
    if found is None:
        raise ApiError(40013)
    return ok(**found.shown())


def batchget_merchant(request: Request) -> Answer:
    """A page of them; ``next_get`` is "" at first and after the last page."""
    mark = request.body.get("next_get", "")
    if not isinstance(mark, str) or not (mark == "" or mark.isdecimal()):
        raise ApiError(40097)
    page, after = request.world.platform.card_agents.page(int(mark or 0))
    return ok(list=[merchant.shown() for merchant in page], next_get=str(after) if after else "")


ENDPOINTS = (
    Endpoint("POST", f"{PATH}upload_card_agent_qualification", upload_agent, shows="component"),
    Endpoint("GET", f"{PATH}check_card_agent_qualification", check_agent, shows="component"),
    Endpoint("POST", f"{PATH}upload_card_merchant_qualification", upload_merchant, shows="component"),
    Endpoint("POST", f"{PATH}check_card_merchant_qualification", check_merchant, shows="component"),
    Endpoint("POST", f"{PATH}get_card_merchant", get_merchant, shows="component"),
    Endpoint("POST", f"{PATH}batchget_card_merchant", batchget_merchant, shows="component"),
)
