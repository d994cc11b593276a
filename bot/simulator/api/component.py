"""cgi-bin/component: tokens, codes, and what accounts granted (messaging.md B2)."""

from __future__ import annotations

from typing import Any

from bot.simulator.api.request import Answer, Endpoint, Request, integer
from bot.simulator.errors import ApiError, ok
from bot.simulator.model import Shop
from bot.simulator.open_platform.authorisations import new_refresh_token
from bot.simulator.open_platform.model import Authorisation
from bot.simulator.open_platform.sets import func_info
from bot.simulator.tokens import LIFETIME

LIST_LIMIT = 500
PATH = "/cgi-bin/component/"


def check_component(request: Request) -> None:
    """Raise 41018 without component_appid, 61011 for another one than the token's."""
    appid = request.body.get("component_appid")
    if not isinstance(appid, str) or not appid:
        raise ApiError(41018)
    if appid != request.world.platform.known.appid:
        raise ApiError(61011)


def granted(request: Request) -> tuple[Shop, Authorisation]:
    """The account of ``authorizer_appid`` and what it granted. Raises 41002, 61003."""
    appid = request.body.get("authorizer_appid")
    if not isinstance(appid, str) or not appid:
        raise ApiError(41002)
    authorisation, shop = request.world.platform.authorisations.of(appid), request.world.shops.get(appid)
    if shop is None:
        raise ApiError(61003)
    return shop, authorisation


def component_token(request: Request) -> Answer:
    """A new token for a ticket. Raises 61005, 61006, 45009."""
    platform = request.world.platform
    platform.tickets.check(str(request.body.get("component_verify_ticket") or ""))
    request.world.quotas.count(request.shop.appid, f"{PATH}api_component_token")
    value, seconds = request.world.tokens.component(request.shop.appid)
    return {"component_access_token": value, "expires_in": seconds}


def start_push_ticket(request: Request) -> Answer:
    """Let tickets come again, and one at once."""
    component = request.world.platform.known
    was, component.pushing = component.pushing, True
    if was and not request.world.platform.readings.start_pushes_always:
        return {"errcode": 0, "errmsg": "in a normal state"}
    request.world.platform.want_ticket()
    return ok()


def create_pre_auth_code(request: Request) -> Answer:
    """A code to begin one authorisation with."""
    check_component(request)
    seconds = request.world.platform.readings.pre_auth_seconds
    code = request.world.platform.codes.pre_auth(seconds)
    return {"pre_auth_code": code.value, "expires_in": seconds}


def query_auth(request: Request) -> Answer:
    """Exchange an authorisation code. Raises 61009, 61010, 61003."""
    check_component(request)
    platform = request.world.platform
    code = platform.codes.exchange(request.body.get("authorization_code"))
    authorisation = platform.authorisations.of(code.appid)
    info: dict[str, Any] = {"authorizer_appid": code.appid}
    if request.world.shop(code.appid).api_rights:
        value, seconds = _access_token(request, code.appid)
        info |= {"authorizer_access_token": value, "expires_in": seconds}
        info |= {"authorizer_refresh_token": authorisation.refresh_token}
    return {"authorization_info": info | {"func_info": func_info(authorisation.sets)}}


def authorizer_token(request: Request) -> Answer:
    """A new access token for a refresh token. Raises 61003, 61023."""
    check_component(request)
    shop, authorisation = granted(request)
    if not shop.api_rights or request.body.get("authorizer_refresh_token") != authorisation.refresh_token:
        raise ApiError(61023)
    if request.world.platform.readings.refresh_changes:
        authorisation.refresh_token = new_refresh_token()
        request.world.platform.authorisations.save(authorisation)
    value, _ = _access_token(request, shop.appid)
    return {
        "authorizer_access_token": value,
        "expires_in": LIFETIME,
        "authorizer_refresh_token": authorisation.refresh_token,
    }


def _access_token(request: Request, appid: str) -> tuple[str, int]:
    return request.world.tokens.authorizer(appid, overlap=request.world.platform.readings.old_token_lives)


def authorizer_info(request: Request) -> Answer:
    """Who an account is, and what it granted. Raises 61003."""
    check_component(request)
    shop, authorisation = granted(request)
    return {
        "authorizer_info": described(shop),
        "authorization_info": {
            "authorizer_appid": shop.appid,
            "authorizer_refresh_token": authorisation.refresh_token,
            "func_info": func_info(authorisation.sets),
        },
    }


def described(shop: Shop) -> dict[str, Any]:
    """``authorizer_info`` (messaging.md B2.3)."""
    opened = {"open_pay": 0, "open_shake": 0, "open_scan": 0, "open_card": int(shop.cards), "open_store": 0}
    mini = {"MiniProgramInfo": {"network": {}, "categories": [], "visit_status": 0}} if shop.mini_program else {}
    return mini | {
        "nick_name": shop.name,
        "head_img": f"http://wx.qlogo.cn/mmopen/{shop.appid}/0",
        "service_type_info": {"id": shop.service_type},
        "verify_type_info": {"id": shop.verify_type},
        "user_name": shop.original_id,
        "alias": "",
        "qrcode_url": f"http://mmbiz.qpic.cn/mmbiz_jpg/{shop.appid}/0",
        "principal_name": f"{shop.name}有限公司",
        "business_info": opened,
        "idc": 1,
        "signature": "",
        "account_status": shop.status,
    }


def authorizer_list(request: Request) -> Answer:
    """A page of the accounts that authorised, with their refresh tokens. Raises 40170."""
    check_component(request)
    offset, count = integer(request.body, "offset"), integer(request.body, "count", least=1)
    if count > LIST_LIMIT:
        raise ApiError(40170)
    everybody = request.world.platform.authorisations.all()
    page = [
        {"authorizer_appid": one.appid, "refresh_token": one.refresh_token, "auth_time": one.auth_time}
        for one in everybody[offset : offset + count]
    ]
    return {"total_count": len(everybody), "list": page}


ENDPOINTS = (
    Endpoint("POST", f"{PATH}api_component_token", component_token, shows="component_appsecret"),
    Endpoint("POST", f"{PATH}api_start_push_ticket", start_push_ticket, shows="component_secret"),
    Endpoint("POST", f"{PATH}api_create_preauthcode", create_pre_auth_code, shows="component"),
    Endpoint("POST", f"{PATH}api_query_auth", query_auth, shows="component"),
    Endpoint("POST", f"{PATH}api_authorizer_token", authorizer_token, shows="component"),
    Endpoint("POST", f"{PATH}api_get_authorizer_info", authorizer_info, shows="component"),
    Endpoint("POST", f"{PATH}api_get_authorizer_list", authorizer_list, shows="component"),
)
