"""``/component/authorize`` and ``/component/authorized``: where a merchant's administrator starts and returns."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tornado.web import RequestHandler

from bot.clock import WECHAT_ZONE
from bot.dispatch.faults import described
from bot.errors import StoreUnavailable, WeChatError, WeChatRefused
from bot.merchants.joining import Arrival, Departure, Joining
from bot.merchants.people import People
from bot.render import LANGUAGES
from bot.routing.accounts import Accounts
from bot.routing.reply import Reply
from bot.routing.tenants import Tenants
from bot.web.links import HEADERS, RETRY_AFTER
from bot.web.pages import Pages
from bot.wechat.component import pages as wechat_pages
from bot.wechat.component.model import NEEDED_SETS, missing
from bot.wechat.errcodes import CODES_REFUSED

log = logging.getLogger(__name__)

COOKIE = "joining"
IN_WECHAT = "MicroMessenger"
PHONE = re.compile(r"Mobile|Android|iPhone|HarmonyOS")


@dataclass(frozen=True, slots=True)
class Reception:
    """What the endpoints need. ``public_url``: where browsers reach us; the others are WeChat's."""

    joining: Joining
    tenants: Tenants
    accounts: Accounts
    component: str
    pages: Pages
    public_url: str
    mp_base_url: str
    open_base_url: str

    def onward(self, departure: Departure) -> tuple[str, str]:
        """WeChat's pages for a desktop and for a phone, from which the browser comes back."""
        back = f"{self.public_url}/component/authorized?{urlencode({'state': departure.state})}"
        told = (self.component, departure.pre_auth_code, back)
        return wechat_pages.for_desktop(self.mp_base_url, *told), wechat_pages.in_wechat(self.open_base_url, *told)

    async def people_of(self, appid: str) -> People:
        """The operators of an account that has just been authorised. Raises :exc:`bot.errors.NotServed`."""
        await self.tenants.hear_of(appid)
        return (await self.accounts.ready(appid)).people


class _Page(RequestHandler):
    """What both pages share."""

    def initialize(self, reception: Reception) -> None:
        """Tornado calls this for each request."""
        self.reception = reception

    def set_default_headers(self) -> None:
        """Leave no trace, but tell WeChat's page which domain the way to it began on: it asks."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.set_header("Referrer-Policy", "origin")

    def compute_etag(self) -> None:
        """No entity tags."""

    def show(self, name: str, status: int = 200, **values: Any) -> None:
        """A page in the browser's language."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", self.reception.pages.policy())
        self.finish(self.reception.pages.page(name, self.language, WECHAT_ZONE, **values))

    def say(self, outcome: str, status: int) -> None:
        """A page that says nothing else."""
        if status == 503:
            self.set_header("Retry-After", RETRY_AFTER)
        words = self.reception.pages.words(Reply(f"authorize_page.{outcome}"), self.language, WECHAT_ZONE)
        self.show("message", status, messages=[words])

    @property
    def language(self) -> str:
        """Chinese unless the browser asks for English first."""
        wanted = self.request.headers.get("Accept-Language", "")
        return LANGUAGES[1] if wanted.lower().startswith("en") else LANGUAGES[0]

    def write_error(self, status_code: int, **_: object) -> None:
        """Say nothing about what went wrong."""
        self.finish()

    def log_exception(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        """Say where, without the address: it holds a code."""
        log.error("request failed", extra={"fault": described(error) if error is not None else ""})


class StartEndpoint(_Page):
    """The start: a desktop goes on to a QR code, a phone to the page inside WeChat."""

    async def get(self) -> None:
        """The page with the way onward."""
        if not self.reception.public_url:
            self.say("no_address", 503)
            return
        try:
            departure = await self.reception.joining.depart()
        except (WeChatError, StoreUnavailable) as error:
            log.warning("no page of authorisation", extra={"fault": described(error)})
            self.say("not_now", 503)
            return
        self.set_cookie(
            COOKIE, departure.cookie, path="/component/", max_age=int(departure.lifetime), httponly=True,
            samesite="Lax", secure=self.reception.public_url.startswith("https:"),
        )  # fmt: skip
        desktop, phone = self.reception.onward(departure)
        agent = self.request.headers.get("User-Agent", "")
        where = "wechat" if IN_WECHAT in agent else "phone" if PHONE.search(agent) else "desktop"
        onward = phone if where == "wechat" else desktop
        self.show("authorize", onward=onward, where=where, minutes=int(departure.lifetime // 60), sets=NEEDED_SETS)


class ReturnEndpoint(_Page):
    """The return: what was granted, what is missing, and the code for the owner."""

    async def get(self) -> None:
        """The page of a merchant who has joined, or one that says why there is none."""
        state, code = self.get_query_argument("state", ""), self.get_query_argument("auth_code", "")
        try:
            arrival = await self.reception.joining.arrive(
                state, self.get_cookie(COOKIE) or "", code, self.reception.people_of
            )
        except WeChatRefused as error:
            log.warning("merchant not exchanged", extra={"fault": described(error)})
            if error.errcode in CODES_REFUSED:
                self.say("lost", 403)
            else:
                self.say("later", 503)
        except (WeChatError, StoreUnavailable) as error:
            log.warning("merchant not exchanged", extra={"fault": described(error)})
            self.say("later", 503)
        else:
            self._welcome(arrival) if arrival else self.say("lost", 403)

    def _welcome(self, arrival: Arrival) -> None:
        known = arrival.authorizer
        self.show(
            "authorized",
            authorizer=known,
            granted=[each for each in NEEDED_SETS if each in known.sets],
            missing=missing(known.sets),
            invitation=arrival.invitation,
        )
