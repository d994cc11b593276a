"""What happens between a merchant and the component: authorisations, and what is taken back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from bot.simulator.deeds.base import Deeds
from bot.simulator.model import Attempt, Delivery, Shop
from bot.simulator.open_platform import joining
from bot.simulator.open_platform.model import Authorisation, Order


@dataclass(frozen=True)
class Joined:
    """What came of a confirmation: the code, where the browser was sent, how the event and the browser's visit went
    (None: there was none)."""

    code: str
    location: str
    event: Delivery | None
    visit: Attempt | None = None


class Merchants(Deeds):
    """Deeds of the administrators of accounts."""

    async def authorise(
        self, appid: str, sets: Sequence[int] | None = None, *, page: str = "", order: Order | None = None
    ) -> Joined:
        """An account's administrator authorises the component, or changes what was granted; all is over afterwards.

        ``sets``: all the page offers unless given. ``page``: the address of the authorisation page, as the component
        made it, tapped on the component's domain; without it there is no browser to come back. ``order``: the
        component's own unless given. Raises :exc:`bot.simulator.NotShownError`.
        """
        done = self._confirm(appid, sets, page)
        order, event, visit = order or self.world.platform.known.order, None, None
        if order == "redirect first" and done.location:
            visit = await self.herald.browse(done.location)
        if order != "event lost":
            event = await self._announce(done)
        if order in {"event first", "event lost"} and done.location:
            visit = await self.herald.browse(done.location)
        return Joined(done.code.value, done.location, event, visit)

    async def confirm_page(self, appid: str, sets: Sequence[int], page: str) -> Joined:
        """As :meth:`authorise`, for a browser that is there: it has to go to ``location`` itself, "" for nowhere.

        In the order "redirect first" the event sets out a moment later.
        """
        done, order = self._confirm(appid, sets, page), self.world.platform.known.order
        event = None
        if order == "redirect first" and done.info_type:
            self.herald.later({"InfoType": done.info_type, **done.elements})
        elif order != "event lost":
            event = await self._announce(done)
        return Joined(done.code.value, "" if order == "redirect lost" else done.location, event)

    def _confirm(self, appid: str, sets: Sequence[int] | None, page: str) -> joining.Confirmed:
        shop, platform = self.world.shop(appid), self.world.platform
        if page:
            query = dict(parse_qsl(urlsplit(page).query))
            offer = joining.read(platform, query, f"https://{platform.known.domain}/")
        else:
            code = platform.codes.pre_auth(platform.readings.pre_auth_seconds)
            offer = joining.Offer(code, "", platform.known.sets)
        return joining.confirm(platform, offer, shop.appid, offer.sets if sets is None else sets)

    async def _announce(self, done: joining.Confirmed) -> Delivery | None:
        return await self.herald.push({"InfoType": done.info_type, **done.elements}) if done.info_type else None

    async def unauthorise(self, appid: str) -> Delivery:
        """The account takes its grant back: its tokens are dead, and ``unauthorized`` is pushed.

        Raises :exc:`LookupError` where there is none.
        """
        self.world.platform.authorisations.take_back(appid)
        return await self.herald.push({"InfoType": "unauthorized", "AuthorizerAppid": appid})

    def authorisation(self, appid: str) -> Authorisation | None:
        """What an account granted, None if nothing."""
        return self.world.platform.authorisations.get(appid)

    def authorise_many(self, count: int, sets: Sequence[int] | None = None) -> list[Shop]:
        """So many new accounts, authorised long ago: no event tells of them, api_get_authorizer_list does."""
        granted = self.world.platform.known.sets if sets is None else sets
        first = len(self.world.shops)
        shops = [self.world.add_shop(_account(first + number)) for number in range(count)]
        for shop in shops:
            self.world.platform.grant(shop.appid, granted)
        return shops


def _account(number: int) -> Shop:
    """An account without a server of its own."""
    name = f"{number:010x}"
    return Shop(
        appid=f"wxaaaaaa{name}",
        original_id=f"gh_aa{name}",
        name=f"商户{number}",
        secret=secrets.token_hex(16),
        token="merchant",  # noqa: S106 - it has no server
        encoding_aes_key="MerchantOfAThirdPartyPlatform00000000000000",
    )
