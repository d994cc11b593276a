"""What the simulated WeChat is made of and what it hands out: shops, persons, deliveries, bubbles, calls,
faults.

Times are seconds since 1970 (``time.time()``, so that a frozen clock freezes WeChat, too); durations are real
seconds.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Mode = Literal["plain", "compatible", "safe"]

FAILURE_LINE = "该公众号提供的服务出现故障，请稍后再试"
"""What a person reads when the account's server gave no acceptable answer (message push page, the 5-second rule)."""


@dataclass(frozen=True)
class Line:
    """Where pushes go and how they are signed and sealed.

    ``appid`` stands at the end of what is encrypted; ``head`` is the element beside ``Encrypt``.
    """

    appid: str
    url: str
    mode: Mode
    token: str
    encoding_aes_key: str
    head: Literal["ToUserName", "AppId"] = "ToUserName"


@dataclass
class Shop:
    """One official account as WeChat's console knows it.

    ``cards=False``: no right to Cards & Offers, as of an account that is not verified (48001).
    ``friends_vouchers=False``: WeChat has suspended the feature for this account (73205–73209).
    ``friends_category=False``: its category may not have Friend's Vouchers (45045).
    ``web_links=False``: a newer account, whose vouchers may not link to web pages (73211).
    ``template_messages=False``: no verified service account (48001). ``api_rights=False``: it gives a component no
    tokens. ``service_type``, ``verify_type``, ``status``: the ids api_get_authorizer_info prints. ``of_wechat``: one of
    WeChat's own, which pages do not show.
    """

    appid: str
    original_id: str
    name: str
    secret: str
    token: str
    encoding_aes_key: str
    mode: Mode = "safe"
    callback_url: str = ""
    customer_service: bool = True
    cards: bool = True
    friends_vouchers: bool = True
    friends_category: bool = True
    web_links: bool = True
    template_messages: bool = True
    api_rights: bool = True
    service_type: int = 2
    verify_type: int = 0
    status: int = 1
    mini_program: bool = False
    of_wechat: bool = False

    @property
    def line(self) -> Line:
        """Its own server."""
        return Line(self.appid, self.callback_url, self.mode, self.token, self.encoding_aes_key)


@dataclass(frozen=True)
class Person:
    """A WeChat user as one shop sees them; ``role`` is only a label for the chat page."""

    openid: str
    name: str
    role: str
    follows: bool = True


@dataclass(frozen=True)
class Bubble:
    """One thing seen in a chat.

    ``via`` is "" for what the person sent; ``items`` are the entries of a message menu (``id``, ``content``), the
    lines of a template message (``label``, ``value``) or articles (``title``, ``description``, ``url``, ``picture``);
    ``media``: the media id of a picture.
    """

    side: Literal["person", "account"]
    kind: str
    text: str
    at: float
    via: Literal["", "passive", "custom", "template", "system"] = ""
    items: tuple[Mapping[str, str], ...] = ()
    media: str = ""


@dataclass(frozen=True)
class Attempt:
    """One try to deliver a push.

    HTTP status (None when there was no answer), raw answer, real seconds it took, what failed, and when it ended.
    """

    status: int | None
    body: bytes
    seconds: float
    error: str | None
    at: float = field(default_factory=time.time)


@dataclass
class Delivery:
    """A push and what came of it.

    ``reply`` holds the elements of a reply that passed every check, None for ``success``, an empty or a
    refused answer. ``text`` is what the person sees: the reply's words, "" for nothing, the failure line
    after the last failed try. ``failure`` says in English why there is none, also for pushes that have no
    chat to show it in.
    """

    appid: str
    openid: str
    elements: dict[str, Any]
    attempts: list[Attempt] = field(default_factory=list)
    reply: dict[str, Any] | None = None
    text: str = ""
    failure: str = ""


@dataclass(frozen=True)
class Call:
    """One API call that reached WeChat.

    ``errcode`` is None where the connection was cut or a web page came back.
    """

    at: float
    appid: str
    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    errcode: int | str | None
    seconds: float


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a call. With no argument at all: -1, system busy. With ``delay`` alone: slow, but
    right.

    ``delay``: real seconds the answer is held back; what was asked is done at once. ``http_status``,
    ``html``: a gateway's page instead of JSON, nothing done. ``drop``: the connection is cut before anything
    is done. ``lose_answer``: everything is done and then the connection is cut ("late success").
    """

    errcode: int | None = None
    errmsg: str | None = None
    delay: float = 0.0
    http_status: int | None = None
    html: bool = False
    drop: bool = False
    lose_answer: bool = False

    @property
    def refusal(self) -> int | None:
        """The errcode to answer with instead of acting, or None."""
        if self.errcode is None and self == Fault(errmsg=self.errmsg):
            return -1
        return self.errcode


@dataclass(frozen=True)
class Review:
    """A voucher in the review queue; ``changed`` maps a field's path to its old and its new value."""

    card_id: str
    title: str
    submitted_at: float
    changed: Mapping[str, tuple[Any, Any]]


@dataclass
class Readings:
    """The points on which sources disagree or are silent.

    Each switch is one reading (vouchers.md lists them).
    """

    fresh_signatures: bool = True
    """Every try of a push has its own timestamp and nonce; False: all tries are the same bytes."""
    advanced_info_reviewed: bool = False
    """Any child of ``advanced_info`` sends the voucher to review, as the container's row says; False: as the
    children's own rows say."""
    data_ready_hour: int = 8
    """From this hour (UTC+8) yesterday's figures can be fetched; 0: at midnight."""
    not_ready_is_empty: bool = False
    """Figures that are not ready yet answer with an empty list instead of 61503."""
    friend_figures: bool = False
    """Answer with the undocumented counters of shared vouchers, too."""
    mark_before_consume: bool = False
    """Every redemption of a Friend's Voucher needs a mark (43018); False: only one that names an openid."""
    given_codes_unknown: bool = True
    """A code that was handed on is unknown (40056), as the description of code/get says; False: GIFT_SUCC, as its
    table of states says."""
    check_consume_by_default: bool = True
    """code/get without check_consume answers like true; no source prints the default."""
    qr_default_seconds: int = 7_776_000
    """Lifetime of a voucher's QR code without expire_seconds: 90 days as in a live answer; the texts say a year, or
    for good."""
    create_page_limits: bool = True
    """Cover and picture texts of a new voucher have the create page's limits (24 and 512 bytes); False: those of the
    update page (60 and 3072)."""
    sku_on_create: bool = False
    """A Friend's Voucher is created with ``sku``, of 0 (else 41011); False: it may be left out."""
    stock_while_reviewed: bool = False
    """Stock can be bought for a voucher under review or refused; False: 40078, as the console says."""
    orders_keep_quote_ids: bool = True
    """A purchase's order has the number of its quote; False: one of its own. No source says."""
    coin_events_tell_left: bool = True
    """card_pay_order's FreeCoinCount and PayCoinCount are what is left, as its text says; False: what moved, as its
    sample shows."""
    misspelt_order_type: bool = False
    """Orders say ``order_tpye``, as one official sample does."""
    odd_date_errors: bool = False
    """getcardcardinfo's malformed-date error carries its text in ``errcode``, as the founding document prints it."""
