"""Control routes that act: as a person, as the reviewers, as bad luck."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from tornado.web import HTTPError

from bot.simulator.control.handler import ControlHandler
from bot.simulator.errors import ApiError
from bot.simulator.model import Fault

_FAULT_TYPES: dict[str, type | tuple[type, ...]] = {
    "errcode": int,
    "errmsg": str,
    "delay": (int, float),
    "http_status": int,
    "html": bool,
    "drop": bool,
    "lose_answer": bool,
}


class SayHandler(ControlHandler):
    """A person texts."""

    async def post(self) -> None:
        body = self.body()
        appid, openid = self.who(body)
        if not (text := self.member(body, "text").strip()):
            raise HTTPError(400, "text is empty")
        await self.spoken(appid, openid, text)


class TapHandler(ControlHandler):
    """A person taps an entry of a message menu."""

    async def post(self) -> None:
        body = self.body()
        appid, openid = self.who(body)
        content, entry = self.member(body, "content"), self.member(body, "id")
        await self.spoken(appid, openid, content, bizmsgmenuid=entry)


class EventHandler(ControlHandler):
    """A person does something else."""

    async def post(self) -> None:
        body = self.body()
        appid, openid = self.who(body)
        elements = body.get("elements", {})
        if not isinstance(elements, dict) or not all(isinstance(value, str | int) for value in elements.values()):
            raise HTTPError(400, "elements is not an object of strings and numbers")
        self.delivered(await self.sim.event(appid, openid, self.member(body, "event"), elements))


class FollowHandler(ControlHandler):
    """Follow or unfollow, by the last word of the path."""

    async def post(self) -> None:
        appid, openid = self.who(self.body())
        act = self.sim.unfollow if self.request.path.endswith("unfollow") else self.sim.follow
        self.delivered(await act(appid, openid))


class ReviewHandler(ControlHandler):
    """Approve or refuse."""

    async def post(self) -> None:
        body = self.body()
        appid, card_id = self.member(body, "appid"), self.member(body, "card_id")
        approve, reason = self.member(body, "approve", bool), body.get("reason", "")
        if not isinstance(reason, str):
            raise HTTPError(400, "reason is not a string")
        try:
            pushed = self.sim.review(appid, card_id, approve, reason)
            self.delivered(await pushed)
        except (LookupError, ApiError):
            raise HTTPError(404, "this voucher is not under review") from None


class FaultHandler(ControlHandler):
    """Let something go wrong."""

    def post(self) -> None:
        body = self.body()
        times = body.get("times", 1)
        if type(times) is not int or not 1 <= times <= 1000:
            raise HTTPError(400, "times is not a number from 1 to 1000")
        if body.get("clear") is True:
            self.sim.clear_faults()
        elif body.get("expire_tokens") is True:
            self._expire(self.member(body, "appid"))
        elif "daily" in body:
            self._quota(body)
        elif "template" in body:
            self._template(body["template"], times)
        elif "push" in body:
            self._delivery(body, times)
        else:
            path, appid = self.member(body, "path"), body.get("appid")
            self.sim.fault(path, self._fault(body), times, appid if isinstance(appid, str) else None)
        self.answer(ok=True)

    def _expire(self, appid: str) -> None:
        if appid not in self.sim.world.shops:
            raise HTTPError(404, "there is no such shop")
        self.sim.expire_tokens(appid)

    def _quota(self, body: dict[str, Any]) -> None:
        appid, path, daily = self.member(body, "appid"), self.member(body, "path"), body["daily"]
        if appid not in self.sim.world.shops:
            raise HTTPError(404, "there is no such shop")
        if type(daily) is not int or daily < 0:
            raise HTTPError(400, "daily is not a number from 0 up")
        self.sim.set_quota(appid, path, daily)

    def _template(self, end: Any, times: int) -> None:
        ends = {"user block": "failed:user block", "system failed": "failed: system failed", "lost": None}
        if end not in ends:
            raise HTTPError(400, "template is not user block, system failed or lost")
        self.sim.world.templates.will_end(ends[end], times)

    def _delivery(self, body: dict[str, Any], times: int) -> None:
        faults = self.sim.delivery_faults
        if body["push"] == "delay":
            faults.delay(self._seconds(body), times)
            return
        act = {"duplicate": faults.duplicate, "reorder": faults.reorder, "cut": faults.cut}.get(body["push"])
        if act is None:
            raise HTTPError(400, "push is not duplicate, reorder, delay or cut")
        act(times)

    def _seconds(self, body: dict[str, Any]) -> float:
        seconds = body.get("seconds")
        if not isinstance(seconds, int | float) or not 0 <= seconds <= 60:
            raise HTTPError(400, "seconds is not a number from 0 to 60")
        return float(seconds)

    def _fault(self, body: dict[str, Any]) -> Fault:
        given = {field.name: body[field.name] for field in fields(Fault) if body.get(field.name) is not None}
        for name, value in given.items():
            if not isinstance(value, _FAULT_TYPES[name]):
                raise HTTPError(400, f"{name} is of the wrong type")
        return Fault(**given)
