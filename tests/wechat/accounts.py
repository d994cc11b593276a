"""The account these tests call WeChat for, as both sides know it."""

from bot.simulator import Shop, Simulator, cash_voucher
from bot.wechat.account import Account
from bot.wechat.client import WeChat

SHOP = Shop(
    appid="wx00000000000000aa",
    original_id="gh_0000000000aa",
    name="湖畔面馆",
    secret="canary0secret0canary0secret00000",
    token="lakeside",
    encoding_aes_key="LakesideNoodles0demo0key0for0the0simulator8",
)
ACCOUNT = Account(SHOP.appid, SHOP.original_id, SHOP.name, SHOP.secret, ())


def token_calls(simulator: Simulator) -> list[bool]:
    """One entry per token fetch that reached WeChat: whether it was forced."""
    return [call.body["force_refresh"] for call in simulator.calls("cgi-bin/stable_token")]


def add_voucher(simulator: Simulator) -> str:
    """A cash voucher on the shelf; its card_id."""
    return simulator.add_voucher(SHOP.appid, cash_voucher(SHOP.name, 1000), "VERIFY_OK")


__all__ = ["ACCOUNT", "SHOP", "WeChat", "add_voucher", "token_calls"]
