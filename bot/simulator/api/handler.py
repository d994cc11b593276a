"""The HTTP side of the API: faults, method, token, quota, body, answer, log, in this order."""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from typing import Any

from tornado.web import RequestHandler

from bot.simulator.api import ENDPOINTS
from bot.simulator.api.entrance import by_secret, by_token, shown_token
from bot.simulator.api.request import Blob, Endpoint, Request, Upload, parse
from bot.simulator.calls import masked, masked_body, seconds_since
from bot.simulator.errors import ApiError
from bot.simulator.model import Call, Fault
from bot.simulator.world import World

GATEWAY_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>"
)


class ApiHandler(RequestHandler):
    """Any path under /cgi-bin, /card and /datacube."""

    def initialize(self, world: World) -> None:
        self.world = world

    def check_xsrf_cookie(self) -> None:
        """Programs call here, without cookies."""

    async def get(self) -> None:
        await self._call()

    async def post(self) -> None:
        await self._call()

    async def _call(self) -> None:
        start = time.perf_counter()
        query = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        path, appid = self.request.path, self._caller(query)
        fault = self.world.faults.take(path, appid) or Fault(errcode=0)
        answer = await self._with(fault, path, query)
        code = answer.get("errcode", 0) if isinstance(answer, dict) else 0 if isinstance(answer, Blob) else None
        spent = seconds_since(start) + fault.delay
        method = self.request.method or ""
        self.world.calls.add(Call(time.time(), appid, method, path, masked(query), self._body(), code, spent))
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if answer is None:
            self.detach().close()
        else:
            self._send(answer, fault)

    async def _with(self, fault: Fault, path: str, query: dict[str, str]) -> dict[str, Any] | Blob | str | None:
        """The JSON or file to answer, a gateway's page, or None for a cut connection."""
        if fault.drop:
            return None
        if fault.html or fault.http_status:
            return GATEWAY_PAGE
        try:
            acted = await self._act(path, query, fault)
            answer = acted if isinstance(acted, Blob) else dict(acted)
        except ApiError as error:
            answer = error.body(path)
        return None if fault.lose_answer else answer

    async def _act(self, path: str, query: dict[str, str], fault: Fault) -> Any:
        if fault.refusal:
            raise ApiError(fault.refusal, fault.errmsg)
        endpoint = ENDPOINTS.get(path)
        if endpoint is None:
            raise ApiError(40066)
        if self.request.method != endpoint.method:
            raise ApiError(43001 if endpoint.method == "GET" else 43002)
        answer = endpoint.act(self._authorised(endpoint, query))
        return await answer if inspect.isawaitable(answer) else answer

    def _authorised(self, endpoint: Endpoint, query: dict[str, str]) -> Request:
        address = self.request.remote_ip or ""
        if "secret" in endpoint.shows:
            body = self._parsed(endpoint)
            return Request(self.world, by_secret(self.world, endpoint, body or query, address), query, body)
        shop, kind = by_token(self.world, endpoint, query, address)
        self.world.quotas.count(shop.appid, endpoint.path)
        if endpoint.form:
            return Request(self.world, shop, query, {}, self._files(), kind)
        body = self._parsed(endpoint)
        endpoint.check(body)
        return Request(self.world, shop, query, body, kind=kind)

    def _parsed(self, endpoint: Endpoint) -> dict[str, Any]:
        if endpoint.method == "GET":
            return {}
        return parse(self.request.body, unique=endpoint.path.startswith("/cgi-bin/component/"))

    def _files(self) -> dict[str, Upload]:
        """The files of a form; Tornado counts a part without a filename as a field, and so does WeChat."""
        return {name: Upload(files[0].filename, files[0].body) for name, files in self.request.files.items()}

    def _send(self, answer: dict[str, Any] | Blob | str, fault: Fault) -> None:
        if isinstance(answer, Blob):
            self.set_header("Content-Type", answer.content_type)
            self.set_header("Content-disposition", f'attachment; filename="{answer.filename}"')
            self.finish(answer.data)
            return
        if isinstance(answer, str):
            self.set_status(fault.http_status or 200)
            self.set_header("Content-Type", "text/html")
            self.finish(answer)
            return
        self.set_header("Content-Type", "application/json; encoding=utf-8")
        self.finish(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))

    def _caller(self, query: dict[str, str]) -> str:
        """Whose call it is, as far as can be told before it is checked."""
        if token := shown_token(self.world, query, self.request.path):
            return self.world.tokens.peek(token)
        body = self._body()
        given = body if isinstance(body, dict) else {}
        claimed = query.get("appid") or given.get("appid") or given.get("component_appid")
        return str(claimed) if self.world.has(claimed) else ""

    def _body(self) -> Any:
        if not self.request.body:
            return None
        if self.request.headers.get("Content-Type", "").startswith("multipart/"):
            return {name: {"filename": one.filename, "bytes": len(one.data)} for name, one in self._files().items()}
        try:
            return masked_body(json.loads(self.request.body))
        except (ValueError, RecursionError):
            return self.request.body.decode("utf-8", "replace")
