"""Control routes of the authorisation: what the page shows, what its buttons do, and the end."""

from __future__ import annotations

from typing import Any

from tornado.web import HTTPError

from bot.simulator.control.dealing import DealingHandler
from bot.simulator.control.handler import outcome
from bot.simulator.deeds import Joined
from bot.simulator.open_platform import joining


class AuthoriseHandler(DealingHandler):
    """Show an authorisation page's contents; confirm it."""

    def get(self) -> None:
        """The query is that of the page, which has been let in by the page it was tapped on."""
        platform = self.known()
        query = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        try:
            offer = joining.read(self.sim.world.platform, query, f"https://{platform.domain}/")
        except joining.NotShownError as error:
            raise HTTPError(400, str(error)) from None
        accounts = [
            {
                "appid": shop.appid,
                "name": shop.name,
                "obstacle": joining.obstacle(self.sim.world.platform, offer, shop.appid),
                "granted": self.sim.authorisation(shop.appid) is not None,
            }
            for shop in self.sim.world.shops.values()
            if not shop.of_wechat
        ]
        self.answer(component=platform.name or platform.appid, accounts=accounts, sets=joining.named(offer.sets))

    async def post(self) -> None:
        body = self.body()
        self.known()
        appid, page, sets = self.member(body, "appid"), body.get("page", ""), body.get("sets")
        if not isinstance(page, str) or not (sets is None or _numbers(sets)):
            raise HTTPError(400, "page is not a string or sets is not a list of numbers")
        if page:
            joined = await self._joined(self.sim.confirm_page(appid, sets or [], page))
        else:
            joined = await self._joined(self.sim.authorise(appid, sets))
        self.answer(location=joined.location, event=joined.event and outcome(joined.event))

    async def _joined(self, deed: Any) -> Joined:
        try:
            joined: Joined = await self.done(deed)
        except joining.NotShownError as error:
            raise HTTPError(400, str(error)) from None
        return joined


def _numbers(value: object) -> bool:
    return isinstance(value, list) and all(type(one) is int for one in value)


class UnauthoriseHandler(DealingHandler):
    """An account takes its grant back."""

    async def post(self) -> None:
        body = self.body()
        self.known()
        self.delivered(await self.done(self.sim.unauthorise(self.member(body, "appid"))))
