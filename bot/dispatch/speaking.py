"""For which shop somebody speaks, of those they serve by way of the account they text.

``@shop`` says so for once; else a command is for the shop they chose, else for that of the account texted, else for
their only one. What answers (yes, no, a number, the answer of a dialogue) is for the shop that waits for it. Whoever
serves one shop only pays for none of this. A shop somebody may no more speak for is never replaced by another without
a word: the command might be one that matters.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dispatch.meaning import CODE, NUMBER, Meant
from bot.errors import BadArgument, NotServed
from bot.merchants import persons
from bot.merchants.choices import Meaning, Standing
from bot.routing import signature
from bot.routing.accounts import Accounts
from bot.routing.context import Context, OwnShop, Services
from bot.routing.reply import Reply
from bot.routing.router import Match, Routes
from bot.routing.shop_names import AT, Address, address
from bot.routing.words import plain
from bot.wechat.inbound import Incoming


@dataclass(frozen=True, slots=True)
class Spoken:
    """A push as it is for one shop, and who its sender is there. ``refusal``: it is for none, and why."""

    services: Services
    push: Incoming
    sender: OwnShop | None
    shops: tuple[OwnShop, ...]
    refusal: Reply | None = None


class Speaking:
    """Finds it out for pushes of every account."""

    def __init__(self, accounts: Accounts, routes: Routes) -> None:
        self._accounts = accounts
        self._routes = routes

    async def shops(self, channel: Services, openid: str) -> tuple[OwnShop, ...]:
        """The shops whoever is ``openid`` at ``channel`` may speak for at this moment: its own first, then by name.

        ``channel`` knows its people as they are; of other shops it is looked whether they changed.
        """
        home = channel.people.operator(openid)
        own = [OwnShop(channel, home)] if home else []
        appids = [each for each in channel.people.elsewhere(openid) if each in self._accounts]
        versions = await channel.choices.versions(appids)
        found = await asyncio.gather(
            *(self._elsewhere(channel, openid, *each) for each in zip(appids, versions, strict=True))
        )
        others = sorted((each for each in found if each), key=lambda each: each.services.account.name)
        return (*own, *others)

    async def _elsewhere(self, channel: Services, openid: str, appid: str, version: int) -> OwnShop | None:
        try:
            services = await self._accounts.ready(appid)
        except NotServed:  # since it was looked for
            return None
        await services.people.refresh(version)
        operator = services.people.operator(persons.named(channel.account.appid, openid, appid))
        return OwnShop(services, operator) if operator else None

    def of_event(self, channel: Services, push: Incoming) -> list[Services]:
        """The shops that have to hear that somebody follows ``channel``, or does no more: all they have to do with."""
        appids = [each for each in channel.people.elsewhere(push.openid) if each in self._accounts]
        return [channel, *(self._accounts[appid] for appid in appids)]

    def reader(self, channel: Services, openid: str) -> OwnShop | None:
        """Somebody's first shop as this process knows it, without Redis: in whose words to tell them of a fault."""
        for appid in (channel.account.appid, *channel.people.elsewhere(openid)):
            if appid in self._accounts:
                services = self._accounts[appid]
                if operator := services.people.operator(persons.named(channel.account.appid, openid, appid)):
                    return OwnShop(services, operator)
        return None

    async def spoken(self, channel: Services, push: Incoming, shops: tuple[OwnShop, ...]) -> Spoken:
        """For which of ``shops``, all that the sender of the message ``push`` has, it is. Raises StoreUnavailable."""
        if shop := await self._invited_to(channel, push):
            return Spoken(shop, push, _among(shops, shop.account.appid), shops)
        if not shops or (len(shops) == 1 and not self._chose(channel, push) and not push.text.startswith(AT)):
            first = shops[0] if shops else None
            return Spoken(first.services if first else channel, push, first, shops)
        found = await _Search(self._routes, channel, push, shops).found()
        if found.push is not push and (shop := await self._invited_to(channel, found.push)):
            return Spoken(shop, found.push, _among(shops, shop.account.appid), shops)
        return found

    def _chose(self, channel: Services, push: Incoming) -> bool:
        """Whether the sender of ``push`` may have chosen another shop than the one that is left."""
        return bool(channel.people.elsewhere(push.openid)) or channel.people.has_chosen(push.openid)

    async def _invited_to(self, channel: Services, push: Incoming) -> Services | None:
        """Another shop that ``push`` is an invitation's code of."""
        match = self._routes.match(push.text) if push.is_text else None
        if match is None or match.command.name != "join":
            return None
        try:
            code = signature.bind(match.command.grammar, match.line)["code"]
        except BadArgument:
            return None
        appid = await channel.people.invited_to(code, push.openid)
        served = appid is not None and appid != channel.account.appid and appid in self._accounts
        return await self._accounts.ready(appid) if appid and served else None


@dataclass(frozen=True, slots=True)
class _Search:
    """One message of somebody with several shops, or of one that begins with @."""

    routes: Routes
    channel: Services
    push: Incoming
    shops: tuple[OwnShop, ...]

    async def found(self) -> Spoken:
        """What it means, the same when it is asked again."""
        choices, openid = self.channel.choices, self.push.openid
        known = await choices.meaning(self.push.identity)
        if known is None:
            standing = await choices.standing(openid)
            meant = await self._meant(standing, self._numbered(standing))
            if isinstance(meant, Reply):
                return self._spoken(self.shops[0], self.push, meant)
            match = self.routes.match(meant.text) if self.push.is_text else None
            if match and match.command.any_shop:
                await choices.answered(openid)
                known = meant  # it may hold a code, which is kept nowhere; and it does no harm to find it anew
            else:
                known = await choices.mean(openid, self.push.identity, meant)
        own = _among(self.shops, known.shop)
        if own is None:  # they were its operator before the process died
            names = [each.services.account.name for each in self.shops]
            return self._spoken(self.shops[0], self.push, Reply("choose_shop.gone", shops=names))
        same = known.text == self.push.text
        return self._spoken(own, self.push if same else replace(self.push, text=known.text))

    def _spoken(self, own: OwnShop, push: Incoming, refusal: Reply | None = None) -> Spoken:
        return Spoken(own.services, push, own, self.shops, refusal)

    def _numbered(self, standing: Standing) -> str:
        """The text; for a number that says which of the shops listed last, what it says."""
        number = plain(self.push.text).strip()
        if standing.asked is None or not self.push.is_text or not NUMBER.fullmatch(number):
            return self.push.text
        number = number.lstrip("#")
        return f"@#{number} {standing.asked}" if standing.asked else f"account #{number}"

    async def _meant(self, standing: Standing, text: str) -> Meaning | Reply:
        names = {each.services.account.appid: each.services.account.name for each in self.shops}
        match = self.routes.match(text) if self.push.is_text else None
        found = None
        if self.push.is_text and match is None:
            listed = standing.listed or tuple(names)
            found = address(text, names, listed, lambda rest: self.routes.match(rest) is not None)
        if found is not None and (said := await self._said(found, text)) is not None:
            return said
        if match and match.command.any_shop:
            return Meaning(self._usual(standing) or self.shops[0].services.account.appid, text)
        if match and await self._answers_last(standing, match, text):
            return Meaning(standing.last, text)
        waiting = await self._waiting(standing, match) if self.routes.is_answer(match) else None
        if waiting is None:
            return await self._by_choice(standing, text)
        return waiting if isinstance(waiting, Reply) else Meaning(waiting, text)

    async def _said(self, found: Address, text: str) -> Meaning | Reply | None:
        """What an address says; None for one that is none: with one shop, whatever else begins with @."""
        match = self.routes.match(found.rest)
        if match and match.command.any_shop:
            return Meaning(found.shops[0] if found.shops else self.shops[0].services.account.appid, found.rest)
        if not found.shops:
            if len(self.shops) == 1 and found.words and match is None:
                return None
            return await self._list("choose_shop.not_mine", self.shops, found=found.words[:20])
        if len(found.shops) > 1:
            fits = [each for each in self.shops if each.services.account.appid in found.shops]
            return await self._list("choose_shop.which", fits, asked=found.rest, found=found.words[:20])
        if not found.rest:
            name = next(each.services.account.name for each in self.shops if each.services.account.appid in found.shops)
            return Reply("choose_shop.nothing_said", shop=name)
        return Meaning(found.shops[0], found.rest)

    def _usual(self, standing: Standing) -> str:
        return standing.usual([each.services.account.appid for each in self.shops], self.channel.account.appid)

    async def _by_choice(self, standing: Standing, text: str) -> Meaning | Reply:
        if usual := self._usual(standing):
            return Meaning(usual, text)
        if standing.chosen:
            await self.channel.choices.choose(self.push.openid, "")
        return await self._list("choose_shop.gone" if standing.chosen else "choose_shop.choose", self.shops)

    async def _list(self, template: str, shops: Sequence[OwnShop], asked: str | None = None, **values: str) -> Reply:
        """A list of shops to which a number may be the answer."""
        await self.channel.choices.list_shops(
            self.push.openid, [each.services.account.appid for each in shops], asked or ""
        )
        return Reply(template, shops=[each.services.account.name for each in shops], **values)

    async def _answers_last(self, standing: Standing, match: Match, text: str) -> bool:
        """Whether what begins like a command is an answer in the shop spoken for last, where a question takes any text.

        Sentences do, and there they are answers as they would be with one shop.
        """
        own = _among(self.shops, standing.last)
        if own is None or match.sure or standing.last == self._usual(standing):
            return False
        push = replace(self.push, text=text)
        ctx = Context(own.services, self.routes, push, own.operator, own.services.account.language, texted=self.channel)
        return await Meant(self.routes).by(ctx, match) is not match

    async def _waiting(self, standing: Standing, match: Match | None) -> str | Reply | None:
        """The shop that waits for an answer such as this; of several the one spoken for last, else they are told."""
        if len(self.shops) == 1:
            return None
        waits = await asyncio.gather(*(self._waits(each, match) for each in self.shops))
        found = [each for each, waiting in zip(self.shops, waits, strict=True) if waiting and waiting == max(waits)]
        appids = [each.services.account.appid for each in found]
        if standing.last in appids:
            return standing.last
        if match is None and CODE.fullmatch(plain(self.push.text).strip()):
            return None  # one to redeem, in the shop where things are redeemed
        if len(found) > 1:
            return await self._list("choose_shop.several_wait", found, asked=self.push.text)
        return appids[0] if appids else None

    async def _waits(self, own: OwnShop, match: Match | None) -> int:
        """How much a shop waits for the answer: 2 more than 1, 0 not at all.

        Previews and lists come before dialogues, as in one shop, but for a bare number.
        """
        shop, number = own.services, plain(match.line if match else self.push.text).strip()
        if match and number:
            request = await shop.approvals.numbered(int(number.lstrip("#"))) if NUMBER.fullmatch(number) else None
            return 2 if request and request.is_open else 0
        draft = await shop.drafts.latest(own.operator)
        listens = draft is not None and not draft.paused
        if match:
            return 2 if await shop.pending.peek(own.operator) else int(listens)
        if NUMBER.fullmatch(number) and await shop.pending.asked(own.operator):
            return 2 if number.startswith("#") or not listens else 1
        return (2 if number.isdecimal() else 1) if listens else 0


def _among(shops: Sequence[OwnShop], appid: str) -> OwnShop | None:
    return next((each for each in shops if each.services.account.appid == appid), None)
