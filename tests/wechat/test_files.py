"""Files from WeChat, and how much of one is read."""

from bot.simulator import Simulator
from bot.wechat.exchange import Call
from tests.images import png
from tests.wechat.accounts import ACCOUNT, SHOP
from tests.wechat.conftest import NewClient


async def test_of_an_answer_that_is_too_long_no_more_is_read(new_client: NewClient, simulator: Simulator) -> None:
    """``most`` keeps a file from filling the memory, whatever its server says about its length."""
    media = simulator.world.media.add(SHOP.appid, "image", png(300, 300, padding=1 << 20))
    api = new_client().of(ACCOUNT)
    whole = await api.send(Call("cgi-bin/media/get", method="GET", params={"media_id": media.media_id}, file=True))
    part = await api.send(
        Call("cgi-bin/media/get", method="GET", params={"media_id": media.media_id}, file=True, most=1000)
    )

    assert whole == media.data
    assert 1000 < len(part) <= 1000 + (1 << 16)
    assert media.data.startswith(part)
