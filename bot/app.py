"""Builds everything: settings in, a running program out. The only importer of handlers."""

from __future__ import annotations

import asyncio
import errno
import importlib
import pkgutil
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cache
from socket import socket
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

import handlers
from bot.dispatch.dead import Dead
from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.schedule import Scheduler
from bot.dispatch.sweep import keep_looking
from bot.errors import SettingsError
from bot.jobs import Jobs
from bot.merchants.answers import Answers
from bot.merchants.approvals import Approvals
from bot.merchants.digests import Digests
from bot.merchants.drafts import Drafts
from bot.merchants.links import Links
from bot.merchants.menu_members import MenuMembers
from bot.merchants.pending import Pending
from bot.merchants.people import People
from bot.merchants.telling import Telling
from bot.merchants.template_messages import TemplateMessages
from bot.merchants.windows import Windows
from bot.pictures.drawing import Studio
from bot.render import Renderer
from bot.routing import Router, Services
from bot.routing.router import Routes
from bot.stats.collecting import Collecting
from bot.stats.counters import Counters
from bot.stats.kept import KeptDays
from bot.stats.service import Statistics
from bot.store import Store, connect
from bot.store.embedded import redis_for
from bot.store.inbox import Inbox
from bot.vouchers.service import Vouchers
from bot.web.downloads import DownloadEndpoint, Office
from bot.web.files import FileEndpoint, Shelf
from bot.web.links import Gate
from bot.web.nowhere import Nowhere
from bot.web.pages import Pages
from bot.web.push import MOST_READ, Door, PushEndpoint
from bot.web.reports import Desk, ReportEndpoint
from bot.wechat.account import Account, account_of
from bot.wechat.client import WeChat
from bot.wechat.media import Media
from bot.wechat.menu import OperatorsMenu
from config import Settings


@cache
def discover() -> Routes:
    """Every handler module's router, joined."""
    names = sorted(module.name for module in pkgutil.iter_modules(handlers.__path__))
    modules = [importlib.import_module(f"handlers.{name}") for name in names]
    return Routes(module.router for module in modules if isinstance(module.router, Router))


@dataclass(frozen=True, slots=True)
class App:
    """The parts of one process."""

    settings: Settings
    store: Store
    wechat: WeChat
    services: dict[str, Services]
    dispatcher: Dispatcher
    scheduler: Scheduler
    jobs: Jobs
    studio: Studio
    collecting: Collecting

    def web(self) -> Application:
        """The endpoints."""
        accounts = {appid: services.account for appid, services in self.services.items()}
        door = Door(accounts, self.dispatcher, self.settings.wechat.max_age)
        gate = Gate(self.services, self.store, Pages(Renderer()))
        office = Office(gate, self.collecting)
        shelf = Shelf(gate, self.studio, office)
        routes: list[Any] = [
            (r"/wechat/([\w-]{1,64})", PushEndpoint, {"door": door}),
            (r"/files/([A-Za-z0-9_-]{32})(\.png|\.svg)?", FileEndpoint, {"shelf": shelf}),
            (r"/files/([A-Za-z0-9_-]{32})\.(csv|xlsx)", DownloadEndpoint, {"office": office}),
            (r"/reports/([A-Za-z0-9_-]{32})", ReportEndpoint, {"desk": Desk(gate)}),
        ]
        # No access log: addresses hold signatures and keys. Each endpoint says what is fit to be read.
        return Application(routes, default_handler_class=Nowhere, log_function=lambda _: None)

    def people(self, appid: str) -> People:
        """The operators of one account."""
        return self.services[appid].people

    async def load(self) -> None:
        """Read every account's operators, known from then on even while Redis is away, and which calls have ended."""
        for services in self.services.values():
            await services.people.refresh()
            await services.wechat.ledger.today()

    async def work(self) -> None:
        """Do background work until cancelled; then what runs gets ten seconds, and is handed back after that."""
        async with asyncio.TaskGroup() as all_of_it:
            all_of_it.create_task(self.scheduler.run())
            all_of_it.create_task(self.jobs.run())
            all_of_it.create_task(keep_looking(self.dispatcher.late))

    async def close(self) -> None:
        """Finish what runs, then close every connection."""
        await self.collecting.close()
        await self.dispatcher.close()
        await self.jobs.close()  # after it, since the last pushes may have begun some
        await self.studio.close()
        await self.wechat.close()
        await self.store.close()


def build(settings: Settings, redis_url: str) -> App:
    """Wire the parts; nothing is connected yet. Raises :exc:`bot.errors.SettingsError`."""
    _check_four_eyes(settings.four_eyes.commands)
    store = connect(redis_url, wait_for_replicas=settings.redis.wait_for_replicas)
    wechat = WeChat(settings.wechat, store)
    accounts = [account_of(each) for each in settings.accounts]
    renderer = Renderer()
    shared = _Shared(store, wechat, renderer, Studio(), settings.server.public_url)
    jobs = Jobs(store, redis_url)
    services = {account.appid: _services(account, shared, settings) for account in accounts}
    dispatcher = Dispatcher(
        services,
        discover(),
        Inbox(store),
        renderer,
        jobs,
        deadline=settings.reply.deadline,
        messages_per_minute=settings.limits.messages_per_minute,
    )
    jobs.on_dead = Dead(services, dispatcher.late, dispatcher.notices, dispatcher.following)
    scheduler = Scheduler(services, discover(), dispatcher.notices, store)
    return App(settings, store, wechat, services, dispatcher, scheduler, jobs, shared.studio, Collecting(store))


def _check_four_eyes(commands: Iterable[str]) -> None:
    """Raise :exc:`bot.errors.SettingsError` for a command that is none, or waits for nobody's yes."""
    known = discover().previewing()
    for place, command in enumerate(commands):
        if command not in known:
            expected = ", ".join(sorted(known))
            raise SettingsError(f'four_eyes.commands[{place}] is "{command}", expected one of {expected}')


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the accounts of a process share."""

    store: Store
    wechat: WeChat
    renderer: Renderer
    studio: Studio
    public_url: str


def _services(account: Account, shared: _Shared, settings: Settings) -> Services:
    store, api = shared.store, shared.wechat.of(account)
    stock_per_day = {str(role): number for role, number in settings.limits.stock_per_day.items()}
    answers, telling = Answers(store, account), Telling(store, account)
    people = People(store, account)
    return Services(
        account=account,
        vouchers=Vouchers(account, api, store, stock_per_day),
        stats=Statistics(api, KeptDays(store, account)),
        people=people,
        pending=Pending(store, account),
        approvals=Approvals(store, account, settings.four_eyes.commands),
        drafts=Drafts(store, account),
        windows=Windows(store, account),
        answers=answers,
        telling=telling,
        digests=Digests(store, account, telling),
        templates=TemplateMessages(store, account, api, answers, shared.renderer),
        wechat=api,
        media=Media(store, api, shared.studio),
        links=Links(store, account, shared.public_url),
        counters=Counters(store, account),
        menu=MenuMembers(store, account, OperatorsMenu(api), people),
    )


def listen(host: str, port: int) -> list[socket]:
    """Sockets for :func:`serve`, bound before any process is forked; raises :exc:`bot.errors.SettingsError`."""
    try:
        return bind_sockets(port, host)
    except OSError as error:
        reason = f"cannot be listened on ({error.strerror})"
        if error.errno == errno.EADDRINUSE:
            reason = "is in use by another program"
        raise SettingsError(f"port {port} of {host} {reason}, expected a free port of this machine") from error


async def serve(
    settings: Settings,
    *,
    ready: Callable[[str], None] | None = None,
    worker: bool = True,
    sockets: list[socket] | None = None,
) -> None:
    """Serve until cancelled; ``ready`` is told the address once pushes are answered.

    ``sockets`` listen already and may be shared by several processes. Raises :exc:`bot.errors.SettingsError`.
    """
    async with AsyncExitStack() as stack:
        listening = listen(settings.server.host, settings.server.port) if sockets is None else sockets
        for each in listening:
            stack.callback(each.close)
        redis_url = await stack.enter_async_context(redis_for(settings.redis.url, settings.data.dir))
        app = build(settings, redis_url)
        stack.push_async_callback(app.close)
        await app.load()
        server = HTTPServer(app.web(), max_body_size=MOST_READ, body_timeout=10.0, idle_connection_timeout=60.0)
        server.add_sockets(listening)
        stack.push_async_callback(server.close_all_connections)
        stack.callback(server.stop)
        async with asyncio.TaskGroup() as running:
            running.create_task(_until_stopped(app, server.stop))
            if worker:
                running.create_task(app.work())
            if ready is not None:
                ready(address(settings.server.host, listening))


async def _until_stopped(app: App, shut: Callable[[], None]) -> None:
    """Until cancelled. Then the door is ``shut`` at once; whoever waits for an answer gets it before the line is cut.

    Background work ends at the same time, not before: while it lasted pushes would still come, and all of it together
    would take too long.
    """
    try:
        await asyncio.Event().wait()
    finally:
        shut()
        app.jobs.stopping()
        await app.dispatcher.close()


async def work(settings: Settings, *, ready: Callable[[], None] | None = None) -> None:
    """Do background work alone until cancelled; ``ready`` is called once it is begun."""
    async with redis_for(settings.redis.url, settings.data.dir) as redis_url:
        app = build(settings, redis_url)
        try:
            await app.load()
            await app.jobs.prepare()
            if ready is not None:
                ready()
            async with asyncio.TaskGroup() as running:
                running.create_task(_until_stopped(app, lambda: None))
                running.create_task(app.work())
        finally:
            await app.close()


def address(host: str, sockets: list[socket]) -> str:
    """The address under which ``sockets`` are reached from this machine."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    shown = f"[{reachable}]" if ":" in reachable else reachable
    return f"http://{shown}:{sockets[0].getsockname()[1]}"
