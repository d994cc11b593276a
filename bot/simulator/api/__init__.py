"""WeChat's API: one module per group of calls, each with its table of endpoints."""

from bot.simulator.api import (
    access,
    card_agents,
    cards,
    codes,
    component,
    datacube,
    media,
    menu,
    messages,
    network,
    options,
    pay,
    poi,
    qrcodes,
    stock,
    submerchants,
    templates,
    users,
)
from bot.simulator.api.request import Endpoint

ENDPOINTS: dict[str, Endpoint] = {
    endpoint.path: endpoint
    for module in (
        access,
        card_agents,
        cards,
        codes,
        component,
        datacube,
        media,
        menu,
        messages,
        network,
        options,
        pay,
        poi,
        qrcodes,
        stock,
        submerchants,
        templates,
        users,
    )
    for endpoint in module.ENDPOINTS
}
