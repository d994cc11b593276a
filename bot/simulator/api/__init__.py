"""WeChat's API: one module per group of calls, each with its table of endpoints."""

from bot.simulator.api import access, cards, datacube, messages, network, pay, templates
from bot.simulator.api.request import Endpoint

ENDPOINTS: dict[str, Endpoint] = {
    endpoint.path: endpoint
    for module in (access, cards, datacube, messages, network, pay, templates)
    for endpoint in module.ENDPOINTS
}
