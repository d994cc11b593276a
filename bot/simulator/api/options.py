"""Switches of an account that a component reads and sets (messaging.md B2.1).

The old names take a component's token and say whose switch it is; of the new ones the Chinese page says the component's
token and the English one the account's.
"""

from __future__ import annotations

from bot.simulator.api.component import PATH, check_component, granted
from bot.simulator.api.request import Answer, Endpoint, Request
from bot.simulator.errors import ApiError, ok


def _whose(request: Request) -> str:
    """The account of a call. Raises 61014 and 61015 by the reading, 61003, 41018, 61011."""
    wanted = request.world.platform.readings.options_by
    if request.kind == "component":
        if wanted == "authorizer":
            raise ApiError(61015)
        check_component(request)
        return granted(request)[0].appid
    if request.kind != "authorizer" or wanted == "component":
        raise ApiError(61014)
    return request.shop.appid


def get_option(request: Request) -> Answer:
    """The value of a switch. Raises 61012."""
    appid, name = _whose(request), request.body.get("option_name")
    value = request.world.platform.authorisations.option(appid, name)
    return {"authorizer_appid": appid, "option_name": name, "option_value": value}


def set_option(request: Request) -> Answer:
    """Turn a switch. Raises 61012, 61013."""
    body, authorisations = request.body, request.world.platform.authorisations
    authorisations.set_option(_whose(request), body.get("option_name"), body.get("option_value"))
    return ok()


ENDPOINTS = (
    Endpoint("POST", f"{PATH}api_get_authorizer_option", get_option, shows="component"),
    Endpoint("POST", f"{PATH}api_set_authorizer_option", set_option, shows="component"),
    Endpoint("POST", f"{PATH}get_authorizer_option", get_option, shows="any"),
    Endpoint("POST", f"{PATH}set_authorizer_option", set_option, shows="any"),
)
