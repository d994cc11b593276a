"""WeChat's API, awaited: one :class:`WeChat` per process, one :class:`AccountAPI` per account.

How a call is tried and repeated stands in :mod:`bot.wechat.attempts`.
A call that WeChat has ended for the day or the minute is refused without being made (:mod:`bot.wechat.ledger`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Protocol
from weakref import WeakValueDictionary

from bot.begun import VOUCHERS
from bot.errors import AnswerUnreadable, WeChatUnreachable
from bot.store import Store
from bot.store.copies import Copies
from bot.store.tokens import TokenShelf
from bot.store.usage import UsageShelf
from bot.wechat import quotas
from bot.wechat import token as token_module
from bot.wechat.account import Account
from bot.wechat.attempts import Attempts, repeating
from bot.wechat.breaker import Breaker
from bot.wechat.component.model import Component
from bot.wechat.component.platform import Platform
from bot.wechat.exchange import Call, Exchange, Observe, whole_number
from bot.wechat.ledger import Ledger
from bot.wechat.outbound import Article
from bot.wechat.paths import is_repeatable
from bot.wechat.quotas import Quota
from bot.wechat.stable_token import StableToken
from bot.wechat.surface import Surface
from bot.wechat.token import Tokens
from bot.wechat.transport import Transport

AT_ONCE = 16
"""Calls of one account at the same time: connections are for all."""


class Endpoint(Protocol):
    """The ``[wechat]`` settings this module reads. ``fallback_base_url`` is for whoever decides to switch."""

    @property
    def api_base_url(self) -> str: ...
    @property
    def connect_timeout(self) -> float: ...
    @property
    def total_timeout(self) -> float: ...


class WeChat:
    """All accounts' way to WeChat, for one process: connections and tokens are shared, nothing is opened before use.

    ``settings`` is the ``[wechat]`` section; ``observe`` is told after every request. ``component`` is the third-party
    platform, if this is one, and ``copies`` where it keeps what must not get lost.
    """

    def __init__(
        self, settings: Endpoint, store: Store, *, observe: Observe | None = None, lease: float = token_module.LEASE,
        component: Component | None = None, copies: Copies | None = None,
    ) -> None:  # fmt: skip
        self._transport = Transport(settings.connect_timeout, settings.total_timeout)
        self._base_url = settings.api_base_url
        self._observers = () if observe is None else (observe,)
        self._store = store
        self._lease = lease
        self._accounts: WeakValueDictionary[str, AccountAPI] = WeakValueDictionary()
        self.platform: Platform | None = None
        if component is not None and copies is not None:
            self.platform = Platform(component, self._exchange(), store, copies)

    def of(self, account: Account) -> AccountAPI:
        """The API for ``account``; the same one while anybody holds it, until the account's settings change."""
        api = self._accounts.get(account.appid)
        if api is None or api.account != account:
            ledger = Ledger(UsageShelf(self._store, account.appid))
            breaker = Breaker(account.appid)
            exchange = self._exchange(ledger.note, breaker.note)
            shelf = TokenShelf(self._store, account.appid)
            behind = self.platform if account.component else None
            fetch = behind.token_of(account.appid) if behind else StableToken(account, exchange)
            tokens = Tokens(account.appid, shelf, fetch, lease=self._lease)
            api = self._accounts[account.appid] = AccountAPI(account, exchange, tokens, ledger, breaker)
        return api

    def _exchange(self, *observers: Observe) -> Exchange:
        return Exchange(self._transport, self._base_url, *observers, *self._observers)

    async def close(self) -> None:
        """End fetches that run, give leases back, close the connections."""
        accounts = list(self._accounts.values())
        fetching = [api.tokens for api in accounts] + ([self.platform.api.tokens] if self.platform else [])
        await asyncio.gather(*(tokens.close() for tokens in fetching))
        await asyncio.gather(*(api.ledger.settled() for api in accounts))
        await self._transport.close()


class AccountAPI:
    """WeChat's API for one account. Every method raises the WeChatError tree, and StoreUnavailable for the token.

    What changes something is not even asked when Redis is away (:func:`bot.begun.undertaking`).
    """

    def __init__(
        self, account: Account, exchange: Exchange, tokens: Tokens, ledger: Ledger, breaker: Breaker
    ) -> None:
        self.account = account
        self.tokens = tokens
        self.ledger = ledger
        self.breaker = breaker
        self._exchange = exchange
        self._turns = asyncio.Semaphore(AT_ONCE)

    def __repr__(self) -> str:
        return f"<AccountAPI {self.account.appid}>"

    @cached_property
    def wechatpy(self) -> Surface:
        """wechatpy's methods, to be awaited: ``await api.wechatpy.user.get(openid)``."""
        return Surface(self.account.appid, self.send)

    async def card_get(self, card_id: str) -> dict[str, Any]:
        """The ``card`` object: ``card_type`` and, under its lower-case name, everything else (``card/get``)."""
        card = await self.wechatpy.card.get(card_id)
        if not isinstance(card, dict):
            raise AnswerUnreadable("card/get", 200, "card is not an object")
        return card

    async def card_ids(self, offset: int, count: int, statuses: Sequence[str] = ()) -> tuple[list[str], int]:
        """One page of card ids, at most 50, and how many there are in all (``card/batchget``)."""
        answer = await self.wechatpy.card.batch_get(offset, count, list(statuses))
        ids = [str(card_id) for card_id in _list(answer.get("card_id_list"))]
        return ids, whole_number(answer.get("total_num"), len(ids))

    async def card_update(self, card_id: str, type_key: str, changed: Mapping[str, Any]) -> bool:
        """Send ``changed`` under ``type_key`` (``cash``); whether the voucher goes back to review (``card/update``).

        Never repeated. OutcomeUnknown means: look with ``card_get`` whether it took hold.
        """
        answer = await self.wechatpy.card.update({"card_id": card_id, type_key: changed})
        return str(answer.get("send_check", False)).lower() in ("true", "1")

    async def account_figures(self, begin: date, end: date, source: int) -> list[dict[str, Any]]:
        """One object per day with data, of at most 62 days (``datacube/getcardbizuininfo``).

        ``source``: 0 = vouchers made in the console, 1 = by API.
        """
        return await self._figures("datacube/getcardbizuininfo", begin, end, source, {})

    async def voucher_figures(
        self, begin: date, end: date, source: int, card_id: str | None = None
    ) -> list[dict[str, Any]]:
        """One object per day and voucher with data, of one or of all vouchers (``datacube/getcardcardinfo``)."""
        narrowed = {} if card_id is None else {"card_id": card_id}
        return await self._figures("datacube/getcardcardinfo", begin, end, source, narrowed)

    async def send_text(self, openid: str, text: str) -> None:
        """Send a customer-service message (``message/custom/send``). Never repeated; 45015 outside the window."""
        await self.wechatpy.message.send_text(openid, text)

    async def send_image(self, openid: str, media_id: str) -> None:
        """Send a picture as a customer-service message; as :meth:`send_text`. 40007: WeChat has forgotten it."""
        await self.wechatpy.message.send_image(openid, media_id)

    async def send_news(self, openid: str, article: Article) -> None:
        """Send a card as a customer-service message; as :meth:`send_text`."""
        shown = {"title": article.title, "description": article.description, "url": article.url}
        await self.wechatpy.message.send_articles(openid, [{**shown, "picurl": article.picture}])

    async def quota(self, path: str, *, patience: float | None = None) -> Quota:
        """WeChat's own figures for ``path`` today (``openapi/quota/get``); calls left open a path that had ended."""
        quota = quotas.read(await self.call(quotas.GET, {"cgi_path": f"/{path}"}, patience=patience))
        if quota.left:
            self.ledger.open_again(path)
        return quota

    async def call(
        self, path: str, body: Mapping[str, Any] | None = None, *,
        repeatable: bool = False, method: str = "POST", params: Mapping[str, str] | None = None,
        patience: float | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Any call: ``path`` as in the documents (``card/pay/getcoinsinfo``), with or without a leading slash.

        ``repeatable`` says that repeating does no harm; known reads need not say it. ``patience`` (seconds) ends
        repeats and shortens the wait for an answer.
        """
        call = Call(path.strip("/"), body, method, params or {})
        answer: dict[str, Any] = await self.send(call, repeatable=repeatable, patience=patience)
        return answer

    async def send(self, call: Call, *, repeatable: bool = False, patience: float | None = None) -> Any:
        """Send ``call`` by the table above; a dict comes back, or bytes for a file."""
        self.ledger.check(call.path)
        self.breaker.check(call.path)
        reads = repeatable or is_repeatable(call.path)
        # A message to somebody changes nothing that an operator would have to check.
        changes = VOUCHERS if not reads and not call.path.startswith("cgi-bin/message/") else ""
        attempts = Attempts(self._exchange, self.tokens, call, patience, changes=changes)
        async with self._turn(call.path, attempts):
            return await repeating(attempts, reads=reads)

    @contextlib.asynccontextmanager
    async def _turn(self, path: str, attempts: Attempts) -> AsyncIterator[None]:
        """One of the account's turns, within the call's patience; without one nothing is sent."""
        try:
            async with asyncio.timeout(attempts.left):
                await self._turns.acquire()
        except TimeoutError:
            raise WeChatUnreachable(path, f"{AT_ONCE} calls of the account are under way") from None
        try:
            yield
        finally:
            self._turns.release()

    async def _figures(
        self, path: str, begin: date, end: date, source: int, more: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        span = {"begin_date": begin.isoformat(), "end_date": end.isoformat(), "cond_source": source}
        answer = await self.call(path, {**span, **more})
        return [item for item in _list(answer.get("list")) if isinstance(item, dict)]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
