"""What a handler may ask: who speaks, for which account, and the services of that account."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.errors import Explained, NotAllowed, NotServed, TokenRejected, WeChatUnreachable
from bot.merchants import persons
from bot.merchants.answers import Answers
from bot.merchants.approvals import Approvals
from bot.merchants.choices import Choices
from bot.merchants.digests import Digests
from bot.merchants.drafts import Drafts
from bot.merchants.gathered import Gathering
from bot.merchants.links import Links
from bot.merchants.menu_members import MenuMembers
from bot.merchants.pending import Pending, Preview
from bot.merchants.people import Operator, People
from bot.merchants.telling import Telling
from bot.merchants.template_messages import TemplateMessages
from bot.merchants.windows import Windows
from bot.routing.reply import Reply
from bot.stats.counters import Counters
from bot.stats.service import Statistics
from bot.vouchers.service import Vouchers
from bot.wechat.account import Account
from bot.wechat.client import AccountAPI
from bot.wechat.inbound import Incoming
from bot.wechat.media import Media

if TYPE_CHECKING:
    from bot.routing.accounts import Accounts
    from bot.routing.reply import Notice
    from bot.routing.router import Command, Routes

NOT_SENT = "answer_preview.not_sent"
"""The reply to a yes that did not reach WeChat: the same preview waits once more."""


@dataclass(frozen=True, slots=True)
class Services:
    """The services of one account; built once per process and account."""

    account: Account
    vouchers: Vouchers
    stats: Statistics
    people: People
    pending: Pending
    approvals: Approvals
    drafts: Drafts
    choices: Choices
    gathering: Gathering
    windows: Windows
    answers: Answers
    telling: Telling
    digests: Digests
    templates: TemplateMessages
    wechat: AccountAPI
    media: Media
    links: Links
    counters: Counters
    menu: MenuMembers


@dataclass(frozen=True, slots=True)
class OwnShop:
    """A shop, and who the sender of a message is there."""

    services: Services
    operator: Operator


@dataclass(frozen=True, slots=True)
class Context:
    """One command being carried out for one operator.

    ``services`` are those of the shop spoken for, ``texted`` those of the account texted, where that is another one;
    ``shops`` all that the sender serves by way of it.

    For a push that no operator sent, ``operator`` is None and only the services are of use. ``resumed``: a process that
    died had begun this, so what it may have done is to be looked at before it is done. ``queued``: it came before the
    sender's last one was answered, so whoever sent it had not read that answer. ``tapped``: the event of the
    operators' menu that the text stands for, "" for one that was typed. ``command`` is the English word of what is
    carried out, ``confirmed`` the preview that led to it, if one did.
    """

    services: Services
    routes: Routes
    push: Incoming
    sender: Operator | None
    language: str
    resumed: bool = False
    queued: bool = False
    tapped: str = ""
    command: str = ""
    confirmed: Preview | None = None
    texted: Services | None = None
    shops: tuple[OwnShop, ...] = ()
    accounts: Accounts | None = None

    @property
    def account(self) -> Account:
        """The account of the shop spoken for."""
        return self.services.account

    @property
    def channel(self) -> Services:
        """The services of the account texted: windows, kept answers and whatever else goes to the sender are its."""
        return self.texted or self.services

    @property
    def person(self) -> str:
        """Who sent the push, as the shop calls them; operator or not."""
        return persons.named(self.channel.account.appid, self.push.openid, self.account.appid)

    @property
    def away(self) -> bool:
        """Whether the sender texts another account than that of the shop they speak for."""
        return self.channel.account.appid != self.account.appid

    @property
    def says_shop(self) -> bool:
        """Whether an answer has to say for which shop it is."""
        return self.away or len(self.shops) > 1

    @property
    def operator(self) -> Operator:
        """Who speaks. Commands have one, events need not."""
        if self.sender is None:
            raise LookupError("no operator sent this push")
        return self.sender

    @property
    def vouchers(self) -> Vouchers:
        """Vouchers of this shop."""
        return self.services.vouchers

    @property
    def stats(self) -> Statistics:
        """Figures of this shop."""
        return self.services.stats

    @property
    def people(self) -> People:
        """Operators of this shop."""
        return self.services.people

    @property
    def pending(self) -> Pending:
        """Previews that wait for a yes."""
        return self.services.pending.under(self.command, self.confirmed)

    @property
    def approvals(self) -> Approvals:
        """What waits for a second person's yes."""
        return self.services.approvals

    @property
    def drafts(self) -> Drafts:
        """What people have begun to fill in."""
        return self.services.drafts

    @property
    def counters(self) -> Counters:
        """What happened today, as counted from pushes."""
        return self.services.counters

    @property
    def digests(self) -> Digests:
        """Daily summaries."""
        return self.services.digests

    @property
    def has_links(self) -> bool:
        """Whether replies may link to pages and files: browsers reach this server."""
        return self.services.links.possible

    def channel_of(self, person: str) -> Services | None:
        """The services of the account that ``person`` of this shop texts; None where it is served no more."""
        if self.accounts is None:
            return self.services
        try:
            return self.accounts.reached(self.services, person)[0]
        except NotServed:
            return None

    async def out_of_reach(self, people: Sequence[str]) -> list[str]:
        """Those of ``people`` to whom nothing may be sent now."""
        found: list[str] = []
        by_account: dict[str, list[str]] = {}
        for person in people:
            by_account.setdefault(persons.texting(person, self.account.appid)[0], []).append(person)
        for appid, those in by_account.items():
            channel = self.channel_of(those[0])
            if channel is None or not channel.account.customer_service:
                found += those
                continue
            by_openid = {persons.texting(person, appid)[1]: person for person in those}
            found += [by_openid[openid] for openid in await channel.windows.out_of_reach(list(by_openid))]
        return [person for person in people if person in found]

    def commands(self) -> list[Command]:
        """The commands the sender may use and has a use for, in the order help shows them."""
        return [each for each in self.routes.allowed(self.sender) if len(self.shops) > 1 or not each.several]

    def needs_second(self, preview: Preview) -> bool:
        """Whether the sender's own yes to ``preview`` is not enough."""
        return not self.approvals.commands.isdisjoint(self.routes.names_of(preview))

    async def say_yes(self) -> Reply | tuple[Reply, list[Notice]]:
        """As if the sender had texted yes, with all that goes with it."""
        yes = self.routes.named("yes")
        if yes is None:
            raise LookupError("no handler registered yes")
        return await yes.handler(self)

    async def carry_out(self, preview: Preview) -> Reply:
        """Run what ``preview`` promised: the function some handler registered with ``@router.confirms``.

        Whoever may not use its command any more is refused. What was begun before and does not look first whether it
        is done already is in doubt, not done again. A yes that did not reach WeChat is not used up.
        """
        confirmation = self.routes.confirmation(preview.action)
        command = self.routes.command_of(preview)
        if command is not None and not command.open_to(self.sender):
            raise NotAllowed("answer_preview.not_allowed", command=command)
        if self.resumed and not confirmation.looks_first:
            raise Explained("store_in_doubt", check="show")
        under = replace(self, command=command.name if command else "", confirmed=preview)
        try:
            return await confirmation.run(under, preview.payload)
        except (WeChatUnreachable, TokenRejected):
            again = await under.pending.offer(under.operator, preview.action, preview.payload)
            return Reply(NOT_SENT, minutes=again.minutes_left)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a ``yes`` runs. ``looks_first``: it finds out whether it was done before, so it may be run again.

    WeChatUnreachable and TokenRejected from it say that nothing was done; once something is, it raises neither.
    """

    run: Callable[[Context, dict[str, Any]], Awaitable[Reply]]
    looks_first: bool = False
