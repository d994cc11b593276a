"""A component as open.weixin.qq.com knows it, what accounts granted it, and how open questions are read.

Lifetimes: pages of the tokens, the verify ticket and the authorisation (messaging.md B1, B2.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.simulator.model import Line, Shop

TICKET_EVERY = 600
"""Seconds between two verify tickets."""
TICKET_LIFETIME = 12 * 3600
CODE_LIFETIME = 600
"""Of an authorisation code, seconds."""
OFFICIAL_SETS = (1, 2, 3, 7, 8, 11, 13, 15)
"""What a voucher bot asks for: messages, users, account service, templates, cards, material, stores, menu."""

Order = Literal["event first", "redirect first", "event lost", "redirect lost"]
"""What reaches the component of a confirmed authorisation, and which of the two first."""


@dataclass
class Component:
    """A third-party platform.

    ``messages_url`` holds ``$APPID$``. ``domain``: the host name of the page authorisations start from, ``start_url``
    that page (the chat page links to it). ``sets``: the permission sets it asks for. ``testers``: the appids that may
    authorise before it is published. ``addresses``: who may call, None for everybody. ``pushing``: tickets come by
    themselves. ``order``: see :data:`Order`.
    """

    appid: str
    secret: str
    token: str
    encoding_aes_key: str
    name: str = ""
    events_url: str = ""
    messages_url: str = ""
    domain: str = ""
    start_url: str = ""
    sets: tuple[int, ...] = OFFICIAL_SETS
    published: bool = True
    testers: tuple[str, ...] = ()
    addresses: tuple[str, ...] | None = None
    pushing: bool = True
    order: Order = "event first"

    @property
    def events(self) -> Line:
        """Where tickets and authorisation events go: always in safe mode."""
        return Line(self.appid, self.events_url, "safe", self.token, self.encoding_aes_key, head="AppId")

    def messages(self, appid: str) -> Line:
        """Where the messages and events of an account go that granted message management."""
        url = self.messages_url.replace("$APPID$", appid)
        return Line(self.appid, url, "safe", self.token, self.encoding_aes_key)

    def as_shop(self) -> Shop:
        """The component where a call asks whose it is: its quotas and log lines are kept as an account's."""
        return Shop(
            self.appid, "", self.name, self.secret, self.token, self.encoding_aes_key, callback_url=self.events_url
        )


@dataclass
class Authorisation:
    """What an account granted; it lasts until the account takes it back."""

    appid: str
    sets: list[int]
    refresh_token: str
    auth_time: int


@dataclass
class PlatformReadings:
    """The points of the third-party platform on which sources disagree or are silent; each switch is one reading."""

    pre_auth_seconds: int = 600
    """Lifetime of a pre-auth code: 600 in the sample, 1800 in the text."""
    expiry_is_moment: bool = False
    """AuthorizationCodeExpiredTime is a moment (seconds since 1970); False: a duration, 600."""
    refresh_changes: bool = False
    """Fetching an access token returns another refresh token and voids the old one."""
    old_token_lives: bool = True
    """An access token that was replaced works five more minutes, as an account's own do; False: it dies at once."""
    dead_token_says_unauthorised: bool = False
    """The tokens of an account that took its grant back answer 61003; False: 40001."""
    account_hears_too: bool = False
    """An account's own server gets its pushes, too, after it granted message management; False: the component's
    address takes over."""
    old_query_name: bool = True
    """``component_access_token=`` is accepted besides ``access_token=``."""
    auth_type_optional: bool = False
    """The authorisation page takes auth_type for both when it is missing, as older pages say."""
    entry_checked: bool = True
    """The page that links to the authorisation page has to lie on the registered domain (its Referer shows it)."""
    start_pushes_always: bool = True
    """api_start_push_ticket brings a ticket at once; False: only while tickets were stopped, else it says that all is
    in a normal state."""
    result_in_event: bool = False
    """card_merchant_auth_check_result has its name in Event; False: in InfoType."""
    options_by: Literal["any", "component", "authorizer"] = "any"
    """Whose token get_authorizer_option and set_authorizer_option take; the Chinese and the English page differ."""
