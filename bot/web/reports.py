"""``/reports/{token}``: the figures of a span as a page, made from kept days and good to print.

The newest two days may still change, so WeChat is asked for them; a page that was just made is shown again instead.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot import clock
from bot.dispatch.conversation import language_of
from bot.dispatch.faults import described
from bot.errors import StoreUnavailable, WeChatError
from bot.merchants.links import Kind, digest
from bot.stats import days
from bot.stats.asking import DaysRefused
from bot.stats.days import DayRange
from bot.stats.report import report
from bot.stats.service import Detail
from bot.stats.today import Hour, today
from bot.web.links import Gate, LinkEndpoint, Opened, masked
from bot.web.pages import figures_withheld
from bot.web.report_charts import charts

log = logging.getLogger(__name__)

SHOWN_AGAIN = 300
"""Seconds: two calls of each kind would be made for every look, and WeChat counts a day's figures once."""
MOST_PAGES = 64
"""Pages of at most 200 KB kept in memory."""


@dataclass(slots=True)
class Shown:
    """Pages made lately, by link and language; the oldest go first."""

    _pages: OrderedDict[tuple[str, str], tuple[float, str]] = field(default_factory=OrderedDict)

    def get(self, key: tuple[str, str]) -> str | None:
        """The page, unless it is too old."""
        until, page = self._pages.get(key, (0.0, ""))
        return page if until > clock.now() else None

    def put(self, key: tuple[str, str], page: str) -> None:
        """Keep a page that was just made."""
        self._pages[key] = (clock.now() + SHOWN_AGAIN, page)
        self._pages.move_to_end(key)
        while len(self._pages) > MOST_PAGES:
            self._pages.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the endpoint needs."""

    gate: Gate
    shown: Shown = field(default_factory=Shown)

    async def page(self, opened: Opened, token: str) -> str:
        """The report behind a link. Raises the WeChatError tree and :exc:`bot.stats.asking.DaysRefused`."""
        language = language_of(opened.services.account, opened.operator)
        key = (digest(token), language)
        if (page := self.shown.get(key)) is None:
            page = await self._made(opened, language)
            self.shown.put(key, page)
        return page

    async def _made(self, opened: Opened, language: str) -> str:
        services = opened.services
        span = DayRange.of(opened.destination.content)
        detail = await services.stats.in_detail(span)
        hours = today(await services.counters.day(span.first)).hours if len(span) == 1 else ()
        vouchers = detail.overview.by_voucher
        titles = await services.vouchers.titles_known(vouchers.by_voucher("verify") if vouchers else ())
        return await asyncio.to_thread(self._drawn, opened, detail, hours, titles, language)  # a year takes a while

    def _drawn(
        self, opened: Opened, detail: Detail, hours: Sequence[Hour], titles: Mapping[str, str], language: str
    ) -> str:
        pages, account, found = self.gate.pages, opened.services.account, report(detail)
        words = partial(pages.words, language=language, zone=account.zone)
        return pages.page(
            "report",
            language,
            account.zone,
            shop=account.name,
            report=found,
            titles=titles,
            charts=[each.svg() for each in charts(detail.overview, hours, titles, words, chinese=language == "zh_CN")],
            made_at=clock.now(),
            until=opened.until,
            zone_name=account.zone.key if days.differ_from(account.zone) else "",
        )


class ReportEndpoint(LinkEndpoint):
    """One link to a report."""

    def initialize(self, desk: Desk) -> None:
        """Tornado calls this for each request."""
        self._desk = desk
        self.gate = desk.gate

    async def get(self, token: str) -> None:
        """The page, or one that says why there is none."""
        opened = await self.opened(token, Kind.REPORT)
        if opened is None:
            return
        try:
            page = await self._desk.page(opened, token)
        except StoreUnavailable:
            self.away()
        except (WeChatError, DaysRefused) as error:
            log.warning("report not made", extra={"link": masked(token), "fault": described(error)})
            self.withheld(opened, figures_withheld(error))
        else:
            log.info("report shown", extra={"account": opened.services.account.appid, "link": masked(token)})
            self.show(page)

    async def head(self, token: str) -> None:
        """As :meth:`get`; Tornado leaves the body out."""
        await self.get(token)
