"""``voucherbot say``: text the running bot as WeChat would, and read its answer."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click

from bot.cli.backstage import backstage
from bot.cli.settings import account_option, config_option, settings_of

if TYPE_CHECKING:
    from bot.wechat.account import Account
    from config import Settings

WECHAT_WAITS = 5.0
"""Seconds until WeChat hangs up; a bot that answers later has not answered."""


class NoAnswer(click.ClickException):
    """The bot is away, refused, or was too slow."""

    exit_code = 1


@click.command()
@config_option
@account_option
@click.option("--openid", help="Who speaks; else the account's first owner.")
@click.argument("text")
def say(config: Path | None, account: str | None, openid: str | None, text: str) -> None:
    """Text the running bot as WeChat would, signed and in the account's mode, and print its reply.

    Without --config (and VOUCHERBOT_CONFIG) the demo's bot is meant.
    """
    import asyncio

    settings, base, usual = _whom(config)
    chosen, speaker = asyncio.run(_who_speaks(settings, account or usual, openid))
    path = f"component/{chosen.appid}/messages" if chosen.component else f"wechat/{chosen.appid}"
    reply = exchange(chosen, f"{base}/{path}", speaker, text)
    click.echo(reply or "(no reply)", err=not reply)


def exchange(account: Account, address: str, openid: str, text: str) -> str:
    """Push ``text`` from ``openid`` to ``address``; the text that comes back, "" if none does.

    Raises :exc:`NoAnswer`, also for an answer WeChat would not believe.
    """
    from bot import clock
    from bot.wechat import outbound

    at, nonce = int(clock.now()), secrets.token_hex(5)
    content = (
        f"<xml><ToUserName>{outbound.cdata(account.original_id)}</ToUserName>"
        f"<FromUserName>{outbound.cdata(openid)}</FromUserName><CreateTime>{at}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content>{outbound.cdata(text)}</Content>"
        f"<MsgId>{secrets.randbelow(2**62)}</MsgId></xml>"
    )
    query, body = posted(account, content, openid, at, nonce)
    return read_reply(account, _post(f"{address}?{urlencode(query)}", body), nonce)


def posted(account: Account, content: str, openid: str, at: int, nonce: str) -> tuple[dict[str, str], str]:
    """The address's query and the body with which WeChat pushes ``content`` in the account's mode."""
    from bot.wechat import envelope, outbound
    from bot.wechat.account import Mode
    from bot.wechat.signature import sign

    key, stamp = account.keys[0], str(at)
    query = {"signature": sign(key.token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "openid": openid}
    if account.mode is Mode.PLAIN:
        return query, content
    sealed = envelope.encrypt(key.aes, content, account.suffix)
    query |= {"encrypt_type": "aes", "msg_signature": sign(key.token, stamp, nonce, sealed)}
    if account.mode is Mode.COMPATIBLE:
        return query, content.replace("</xml>", f"<Encrypt>{outbound.cdata(sealed)}</Encrypt></xml>")
    return query, (
        f"<xml><ToUserName>{outbound.cdata(account.original_id)}</ToUserName>"
        f"<Encrypt>{outbound.cdata(sealed)}</Encrypt></xml>"
    )


def read_reply(account: Account, answer: bytes, nonce: str) -> str:
    """The text inside the HTTP body ``answer``, opened and verified as WeChat would; of a card all there is to read."""
    from bot.errors import NotUnderstood, PushRefused
    from bot.wechat import envelope, signature, xml
    from bot.wechat.account import Mode

    if answer in (b"", b"success"):
        return ""
    try:
        fields = xml.read(answer)
        if "Encrypt" in fields:
            key, sealed = account.keys[0], xml.one(fields, "Encrypt")
            signature.verify(key.token, xml.one(fields, "MsgSignature"), xml.one(fields, "TimeStamp"), nonce, sealed)
            fields = xml.read_text(envelope.decrypt(key.aes, sealed, account.suffix))
        elif account.mode is Mode.SAFE:
            raise NoAnswer("the reply is not encrypted, expected an encrypted one in safe mode")
    except (PushRefused, NotUnderstood) as error:
        raise NoAnswer(f"the reply is not what WeChat would believe ({error})") from error
    if isinstance(articles := fields.get("Articles"), dict) and isinstance(item := articles.get("item"), dict):
        return "\n".join(filter(None, (xml.one(item, each) for each in ("Title", "Description", "Url"))))
    return xml.one(fields, "Content") or f"({xml.one(fields, 'MsgType')})"


def _post(address: str, body: str) -> bytes:
    import urllib.error
    import urllib.request

    request = urllib.request.Request(address, body.encode(), {"Content-Type": "text/xml"})  # noqa: S310 - an http address we made
    place = address.partition("?")[0]
    try:
        # No proxy of the environment: the bot is on this machine or named by the settings.
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=WECHAT_WAITS) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            raise NoAnswer(f"{place} answered {error.code}, expected 200") from error
    except TimeoutError as error:
        raise NoAnswer(f"{place} did not answer within {WECHAT_WAITS:g} seconds") from error
    except OSError as error:
        raise NoAnswer(f"nobody answers at {place}, expected the bot to run there: voucherbot serve") from error


def _whom(config: Path | None) -> tuple[Settings, str, str | None]:
    """The settings, the address of the bot that runs with them, and the account meant if none is named."""
    import os

    from bot.cli.demo import address_file, demo_settings
    from config.loader import CONFIG_VARIABLE

    if config is None and not os.environ.get(CONFIG_VARIABLE):
        settings = demo_settings(None)
        try:
            return settings, address_file(settings).read_text("utf-8").strip(), settings.accounts[0].appid
        except OSError as error:
            raise NoAnswer("no demo runs in this folder, expected one, or --config FILE") from error
    settings = settings_of(config)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.server.host, settings.server.host)  # noqa: S104 - compared
    return settings, f"http://{f'[{host}]' if ':' in host else host}:{settings.server.port}", None


async def _who_speaks(settings: Settings, appid: str | None, openid: str | None) -> tuple[Account, str]:
    async with backstage(settings) as opened:
        account = await opened.account(appid)
        if openid:
            return account, openid
        owners = (await opened.people(account)).owners()
    if not owners:
        raise NoAnswer("nobody owns this account yet, expected --openid or an owner: voucherbot invite --role owner")
    return account, owners[0].openid
