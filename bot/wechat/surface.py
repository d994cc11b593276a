"""wechatpy's methods, awaited.

:class:`Surface` is wechatpy's client with its one sending method replaced, so ``await surface.card.get(card_id)`` and
some three hundred others work, each with wechatpy's own unwrapping, over our transport, token and typed errors. What
wechatpy lacks (data cube for cards, credit account, quota tools) goes through ``AccountAPI.call``.

Not to be awaited: methods that only build addresses, the ``iter_*`` generators, jsapi tickets, and
``datacube.get_user_summary``, which looks into the answer before anybody could have awaited it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from wechatpy.client import WeChatClient

from bot.errors import AnswerUnreadable
from bot.wechat.exchange import Call
from bot.wechat.transport import Part

API = "https://api.weixin.qq.com/"
"""The address wechatpy has in its methods; the setting ``api_base_url`` takes its place."""

FILES = ("cgi-bin/media/", "cgi-bin/material/", "wxa/", "cgi-bin/wxaapp/")
"""Where the paths of calls begin that may answer with a file."""

Send = Callable[[Call], Awaitable[Any]]


class Surface(WeChatClient):  # type: ignore[misc]  # wechatpy is untyped
    """wechatpy's client for one account. It holds neither secret nor token: ``send`` adds the token."""

    def __init__(self, appid: str, send: Send) -> None:
        super().__init__(appid, secret="", auto_retry=False)  # the secret is the token's matter
        del self._http  # what would block the loop fails at once instead
        self._send = send

    def __repr__(self) -> str:
        return f"<Surface {self.appid}>"

    async def _request(self, method: str, url_or_endpoint: str, **options: Any) -> Any:
        process = options.get("result_processor")
        path = _path(url_or_endpoint, options.get("api_base_url") or self.API_BASE_URL)
        call = Call(
            path=path,
            body=_body(options),
            method=method.upper(),
            params={name: str(value) for name, value in (options.get("params") or {}).items() if value is not None},
            parts={name: _part(name, file) for name, file in (options.get("files") or {}).items()},
            file=path.startswith(FILES),
        )
        result = await self._send(call)
        try:
            return process(result) if process else result
        except (KeyError, TypeError, IndexError):
            missing = AnswerUnreadable(call.path, 200, "an expected member is missing")
        raise missing


def _path(url_or_endpoint: str, base: str) -> str:
    url = url_or_endpoint if "://" in url_or_endpoint else base + url_or_endpoint
    path = url.removeprefix(API)
    if path == url:
        raise ValueError("an address outside WeChat's API: the token must not go there")
    return path.strip("/")


def _body(options: Mapping[str, Any]) -> Mapping[str, Any] | bytes | None:
    data = options.get("data", options.get("json"))
    return data.encode("utf-8") if isinstance(data, str) else data


def _part(name: str, file: Any) -> Part:
    """``file`` as requests takes it: bytes, an open file, or (name, bytes or file[, media type])."""
    filename, content, *rest = file if isinstance(file, tuple) else (getattr(file, "name", name), file)
    content = content.read() if hasattr(content, "read") else content
    return Part(str(filename).rsplit("/", 1)[-1], content, *rest)
