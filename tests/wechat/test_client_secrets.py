"""Token and secret appear nowhere but on the wire and in Redis: not in logs, exceptions, reprs or what is observed."""

import asyncio
import logging
import socket
import traceback
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest

from bot.errors import WeChatError
from bot.simulator import Fault, Simulator
from bot.store import Store, keys
from bot.wechat.client import AccountAPI
from tests.wechat.accounts import ACCOUNT, SHOP
from tests.wechat.conftest import NewClient

Use = Callable[[AccountAPI], Awaitable[object]]

USES: tuple[Use, ...] = (
    lambda api: api.card_get("p"),
    lambda api: api.card_update("p", "cash", {"base_info": {"notice": "请出示"}}),
    lambda api: api.send_text("oNobody", "审核通过"),
    lambda api: api.wechatpy.misc.get_wechat_ips(),
)

FAULTS = (
    Fault(errcode=40001, errmsg="invalid credential {token} of {secret}"),
    Fault(errcode=40013),
    Fault(errcode=45009),
    Fault(),
    Fault(drop=True),
    Fault(lose_answer=True),
    Fault(html=True),
    Fault(http_status=502),
)


def everything_said_by(error: BaseException) -> Iterator[str]:
    """Texts of an exception and of all that hangs on it, as any log or error tracker would show them."""
    seen: list[BaseException | None] = [error]
    for one in seen:
        if one is not None:
            yield from (str(one), repr(one), repr(one.args), repr(vars(one)))
            seen += [hanging for hanging in (one.__cause__, one.__context__) if hanging not in seen]
    yield "".join(traceback.format_exception(error))


async def secrets_of(store: Store) -> list[str]:
    """The secret, and the token that is stored now."""
    token = await store.do("HGET", keys.token(SHOP.appid), "value")
    return [SHOP.secret, *([token] if token else [])]


@pytest.fixture
def loud(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger there is at its most talkative."""
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize("path", ["stable_token", "/card/get", "/card/update", "/custom/send", "/getcallbackip"])
async def test_no_failure_tells_token_or_secret(
    new_client: NewClient, simulator: Simulator, store: Store, loud: pytest.LogCaptureFixture, fault: Fault, path: str
) -> None:
    asyncio.get_running_loop().set_debug(True)
    observed: list[str] = []
    api = new_client(observe=lambda *told: observed.append(repr(told))).of(ACCOUNT)
    canaries = await secrets_of(store)
    if path != "stable_token":
        await api.call("cgi-bin/get_api_domain_ip", method="GET")
        canaries += await secrets_of(store)
    quoting = (fault.errmsg or "").format(token=canaries[-1], secret=SHOP.secret) or None
    simulator.fault(path, replace(fault, errmsg=quoting), times=None)
    said = list(observed)
    for use in USES:
        try:
            await use(api)
        except WeChatError as error:
            said += everything_said_by(error)
    canaries += await secrets_of(store)
    said += observed + [record.getMessage() + repr(record.__dict__) for record in loud.records]
    said += [repr(api), repr(api.tokens), repr(api.wechatpy), repr(api.account), str(vars(api))]
    assert said
    assert [text for text in said if any(canary in text for canary in canaries)] == []


async def test_no_failure_to_connect_tells_token_or_secret(
    new_client: NewClient, store: Store, loud: pytest.LogCaptureFixture
) -> None:
    await new_client().of(ACCOUNT).call("cgi-bin/get_api_domain_ip", method="GET")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        api = new_client(url=f"http://127.0.0.1:{unused.getsockname()[1]}").of(ACCOUNT)
        with pytest.raises(WeChatError) as failed:
            await api.card_get("p")
    said = [*everything_said_by(failed.value), *(repr(record.__dict__) for record in loud.records)]
    canaries = await secrets_of(store)
    assert len(canaries) == 2
    assert [text for text in said if any(canary in text for canary in canaries)] == []
    assert (failed.value.__cause__, failed.value.__context__) == (None, None)


async def test_an_error_carries_the_path_and_never_the_address(new_client: NewClient, simulator: Simulator) -> None:
    simulator.fault("card/get", Fault(drop=True), times=None)
    with pytest.raises(WeChatError) as failed:
        await new_client().of(ACCOUNT).card_get("p")
    assert str(failed.value) == "card/get: ServerDisconnectedError"
    assert (failed.value.__cause__, failed.value.__context__) == (None, None)
