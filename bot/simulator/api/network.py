"""Quota and network tools: openapi/quota/get, callback/check, getcallbackip, get_api_domain_ip."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from typing import Any
from urllib.parse import urlsplit

from bot.simulator.api.request import Answer, Endpoint, Request
from bot.simulator.errors import ApiError, ok

PING_SECONDS = 2.0
OPERATORS = {"DEFAULT", "CHINANET", "UNICOM", "CAP"}


def quota(request: Request) -> Answer:
    """What is left of a path's daily quota."""
    path = request.body.get("cgi_path")
    if not isinstance(path, str) or not path.startswith("/") or "?" in path or "//" in path:
        raise ApiError(76003)
    if path.startswith("/sns/"):
        raise ApiError(76022)
    limit, used = (
        request.world.quotas.limit(request.shop.appid, path),
        request.world.quotas.used(request.shop.appid, path),
    )
    return ok(
        quota={"daily_limit": limit, "used": used, "remain": max(0, limit - used)},
        rate_limit={"call_count": 0, "refresh_second": 60},
        component_rate_limit={"call_count": 0, "refresh_second": 60},
    )


async def check(request: Request) -> Answer:
    """Look the account's URL up and knock at each of its addresses, really."""
    if request.body.get("action") not in {"all", "dns", "ping"}:
        raise ApiError(40202)
    if request.body.get("check_operator") not in OPERATORS:
        raise ApiError(40203)
    url = urlsplit(request.shop.callback_url)
    if not url.hostname:
        raise ApiError(40201)
    port = url.port or (443 if url.scheme == "https" else 80)
    addresses: list[str] = []
    with contextlib.suppress(OSError):
        found = await asyncio.get_running_loop().getaddrinfo(url.hostname, port, type=socket.SOCK_STREAM)
        addresses = sorted({str(entry[4][0]) for entry in found})
    answer: dict[str, Any] = {}
    if request.body["action"] != "ping":
        answer["dns"] = [{"ip": address, "real_operator": "UNKNOWN"} for address in addresses]
    if request.body["action"] != "dns":
        answer["ping"] = [await _knock(address, port) for address in addresses]
    return ok(**answer)


async def _knock(address: str, port: int) -> dict[str, str]:
    start = time.perf_counter()
    try:
        async with asyncio.timeout(PING_SECONDS):
            _, writer = await asyncio.open_connection(address, port)
        writer.close()
    except OSError:
        return {"ip": address, "from_operator": "CAP", "package_loss": "100%", "time": "0ms"}
    spent = (time.perf_counter() - start) * 1000
    return {"ip": address, "from_operator": "CAP", "package_loss": "0%", "time": f"{spent:.3f}ms"}


def addresses(_request: Request) -> Answer:
    """Where pushes come from, and where the API lives: this machine."""
    return ok(ip_list=["127.0.0.1", "::1"])


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/openapi/quota/get", quota, shows="any"),
    Endpoint("POST", "/cgi-bin/callback/check", check, shows="any"),
    Endpoint("GET", "/cgi-bin/getcallbackip", addresses, shows="any"),
    Endpoint("GET", "/cgi-bin/get_api_domain_ip", addresses, shows="any"),
)
