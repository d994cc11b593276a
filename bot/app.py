"""Builds everything: settings in, the parts of a program out. The only importer of handlers."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tornado.web import Application

import handlers
from bot.dispatch.dead import Dead
from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.rounds import Rounds
from bot.dispatch.schedule import Scheduler
from bot.dispatch.sweep import keep_looking
from bot.errors import SettingsError
from bot.jobs import Jobs
from bot.merchants.answers import Answers
from bot.merchants.approvals import Approvals
from bot.merchants.choices import Choices
from bot.merchants.digests import Digests
from bot.merchants.drafts import Drafts
from bot.merchants.gathered import Gathering
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
from bot.routing.accounts import Accounts
from bot.routing.router import Routes
from bot.stats.collecting import Collecting
from bot.stats.counters import Counters
from bot.stats.kept import KeptDays
from bot.stats.service import Statistics
from bot.store import Store, connect
from bot.store.copies import Copies
from bot.store.inbox import Inbox
from bot.store.keepsakes import Keepsakes
from bot.vouchers.service import Vouchers
from bot.web.downloads import DownloadEndpoint, Office
from bot.web.files import FileEndpoint, Shelf
from bot.web.links import Gate
from bot.web.nowhere import Nowhere
from bot.web.pages import Pages
from bot.web.push import Door, PushEndpoint
from bot.web.reports import Desk, ReportEndpoint
from bot.web.third_party import ThirdParty
from bot.wechat.account import Account, account_of
from bot.wechat.client import WeChat
from bot.wechat.component.model import component_of
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
    services: Accounts
    dispatcher: Dispatcher
    scheduler: Scheduler
    jobs: Jobs
    studio: Studio
    collecting: Collecting
    copies: Copies
    keepsakes: Keepsakes
    third_party: ThirdParty | None = None

    def web(self) -> Application:
        """The endpoints."""
        door = Door(self._own_account, self.dispatcher, self.settings.wechat.max_age)
        gate = Gate(self.services, self.store, Pages(Renderer()))
        office = Office(gate, self.collecting)
        shelf = Shelf(gate, self.studio, office)
        routes: list[Any] = [
            (r"/wechat/([\w-]{1,64})", PushEndpoint, {"door": door}),
            (r"/files/([A-Za-z0-9_-]{32})(\.png|\.svg)?", FileEndpoint, {"shelf": shelf}),
            (r"/files/([A-Za-z0-9_-]{32})\.(csv|xlsx)", DownloadEndpoint, {"office": office}),
            (r"/reports/([A-Za-z0-9_-]{32})", ReportEndpoint, {"desk": Desk(gate)}),
        ]
        if self.third_party is not None:
            routes += self.third_party.routes(self.settings.wechat.max_age)
        # No access log: addresses hold signatures and keys. Each endpoint says what is fit to be read.
        return Application(routes, default_handler_class=Nowhere, log_function=lambda _: None)

    async def _own_account(self, appid: str) -> Account | None:
        account = self.services.account(appid)
        return account if account and not account.component else None

    def people(self, appid: str) -> People:
        """The operators of one account."""
        return self.services[appid].people

    async def load(self) -> None:
        """Read the operators of the settings' accounts, known from then on even while Redis is away, and so on.

        Which calls have ended, too; of accounts behind the component only who they are, the rest when first asked for.
        """
        own = list(self.services)
        if self.third_party is not None:
            await self.keepsakes.look()
            await self.third_party.tenants.load()
        for appid in own:
            await self.services.ready(appid)

    async def follow(self) -> None:
        """Hear which accounts come behind the component and leave it, and copy what must not get lost."""
        if self.third_party is not None:
            async with asyncio.TaskGroup() as all_of_it:
                all_of_it.create_task(self.third_party.tenants.run())
                all_of_it.create_task(self.keepsakes.run())
                all_of_it.create_task(self.third_party.ticket_watch.run())

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
        if self.third_party is not None:
            await self.third_party.publication.close()
        await self.studio.close()
        await self.wechat.close()
        await self.copies.close()
        await self.store.close()


def build(settings: Settings, redis_url: str) -> App:
    """Wire the parts; nothing is connected yet. Raises :exc:`bot.errors.SettingsError`."""
    _check_four_eyes(settings.four_eyes.commands)
    store = connect(redis_url, wait_for_replicas=settings.redis.wait_for_replicas)
    component = component_of(settings.component) if settings.component else None
    copies = Copies(settings.data.dir / "copies", component.secret if component else "")
    keepsakes = Keepsakes(store, copies if component else None)
    wechat = WeChat(settings.wechat, store, component=component, copies=copies)
    accounts = [account_of(each) for each in settings.accounts]
    renderer = Renderer()
    shared = _Shared(store, wechat, renderer, Studio(), settings.server.public_url, keepsakes)
    jobs = Jobs(store, redis_url)
    services = Accounts(lambda account: _services(account, shared, settings))
    for account in accounts:
        services.serve(account)
    dispatcher = Dispatcher(
        services,
        discover(),
        Inbox(store),
        renderer,
        jobs,
        rounds=Rounds(services, store),
        deadline=settings.reply.deadline,
        messages_per_minute=settings.limits.messages_per_minute,
    )
    third_party = None
    if wechat.platform is not None:
        third_party = ThirdParty.of(
            wechat.platform, settings, store, services, dispatcher=dispatcher, jobs=jobs, pages=Pages(renderer)
        )  # fmt: skip
    jobs.on_dead = Dead(services, dispatcher.late, dispatcher.notices, dispatcher.following)
    scheduler = Scheduler(services, discover(), dispatcher.notices, store)
    return App(
        settings, store, wechat, services, dispatcher, scheduler, jobs, shared.studio, Collecting(store), copies,
        keepsakes, third_party,
    )  # fmt: skip


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
    keepsakes: Keepsakes


def _services(account: Account, shared: _Shared, settings: Settings) -> Services:
    store, api = shared.store, shared.wechat.of(account)
    stock_per_day = {str(role): number for role, number in settings.limits.stock_per_day.items()}
    answers, telling = Answers(store, account), Telling(store, account)
    people = People(store, account, shared.keepsakes)
    return Services(
        account=account,
        vouchers=Vouchers(account, api, store, stock_per_day),
        stats=Statistics(api, KeptDays(store, account)),
        people=people,
        pending=Pending(store, account),
        approvals=Approvals(store, account, settings.four_eyes.commands),
        drafts=Drafts(store, account),
        choices=Choices(store, account),
        gathering=Gathering(store, account),
        windows=Windows(store, account),
        answers=answers,
        telling=telling,
        digests=Digests(store, account, telling, shared.keepsakes),
        templates=TemplateMessages(store, account, api, answers, shared.renderer),
        wechat=api,
        media=Media(store, api, shared.studio),
        links=Links(store, account, shared.public_url),
        counters=Counters(store, account),
        menu=MenuMembers(store, account, OperatorsMenu(api), people),
    )
