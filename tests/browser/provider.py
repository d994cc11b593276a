"""A provider's own server beside the simulated WeChat: start page, return page, events, messages of its merchants."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlencode

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from wechatpy.crypto import WeChatCrypto

from bot.simulator import Simulator
from bot.simulator.elements import read

WELCOME = "欢迎，巷口书店的老板"


class _Handler(RequestHandler):
    def initialize(self, sim: Simulator) -> None:
        self.sim = sim

    def page(self, words: str) -> None:
        """A page without a favicon, which browsers would ask for."""
        self.finish(f'<!doctype html><html lang="zh"><link rel="icon" href="data:,"><title>机器人</title>{words}')


class _Start(_Handler):
    """Links to both authorisation pages."""

    def get(self) -> None:
        component = self.sim.component
        query = urlencode(
            {
                "component_appid": component.appid,
                "pre_auth_code": self.sim.world.platform.codes.pre_auth(600).value,
                "redirect_uri": f"http://{self.request.host}/component/authorized?state=s",
                "auth_type": 1,
            }
        )
        scan = f"{self.sim.url}/cgi-bin/componentloginpage?{query}"
        phone = f"{self.sim.url}/wxaopen/safe/bindcomponent?action=bindcomponent&no_scan=1&{query}#wechat_redirect"
        self.page(f'<a href="{scan}">扫码授权</a> <a href="{phone}">在微信里授权</a>')


class _Back(_Handler):
    """Where the browser returns."""

    def get(self) -> None:
        self.page(f"<p>发送「绑定 1234」</p><code>{self.get_query_argument('auth_code')}</code>")


class _Events(_Handler):
    """Takes everything."""

    def post(self) -> None:
        self.finish("success")


class _Messages(_Handler):
    """Welcomes whoever joins, and says nothing else."""

    def post(self) -> None:
        component = self.sim.component
        crypto = WeChatCrypto(component.token, component.encoding_aes_key, component.appid)
        given = [self.get_query_argument(name) for name in ("msg_signature", "timestamp", "nonce")]
        push = read(crypto.decrypt_message(self.request.body, *given).encode())
        if push.get("Content") != "绑定 1234":
            self.finish("success")
            return
        reply = (
            f"<xml><ToUserName>{push['FromUserName']}</ToUserName><FromUserName>{push['ToUserName']}</FromUserName>"
            f"<CreateTime>1700000000</CreateTime><MsgType>text</MsgType><Content>{WELCOME}</Content></xml>"
        )
        self.finish(crypto.encrypt_message(reply, given[2], given[1]))


@contextlib.asynccontextmanager
async def open_provider(sim: Simulator) -> AsyncIterator[str]:
    """The server, and the simulator's component at its addresses; where it listens."""
    sockets = bind_sockets(0, "127.0.0.1")
    base = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    routes = [
        ("/component/authorize", _Start),
        ("/component/authorized", _Back),
        ("/component/events", _Events),
        ("/component/wx[0-9a-f]+/messages", _Messages),
    ]
    application = Application([(path, handler, {"sim": sim}) for path, handler in routes], log_function=lambda _: None)
    server = HTTPServer(application)
    server.add_sockets(sockets)
    component = sim.component
    component.start_url = f"{base}/component/authorize"
    component.events_url, component.messages_url = f"{base}/component/events", f"{base}/component/$APPID$/messages"
    try:
        yield base
    finally:
        server.stop()
        await server.close_all_connections()
