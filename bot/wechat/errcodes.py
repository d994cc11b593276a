"""WeChat's errcodes, sorted by what follows from them. Never by errmsg: its text ends in random hints.

Sources: the official global list of return codes, and the error page of "Cards & Offers". Codes that are not here are
answers about the matter itself (a date may only widen, a code is used up): plain WeChatRefused, explained by whoever
asked.
"""

from __future__ import annotations

from types import MappingProxyType

from bot.errors import AccountFault, QuotaUsedUp, TooFast, WeChatBusy, WeChatRefused

TOKEN_REFUSED = frozenset({40001, 40014, 41001, 42001, 42006})
"""Invalid, illegal, missing, expired access token (42006: a component's): fetch another one, once."""

TICKET_EXPIRED, TICKET_INVALID = 61005, 61006
TICKETS_REFUSED = frozenset({TICKET_EXPIRED, TICKET_INVALID})
"""The component's ticket: the next push brings another."""
NOT_AUTHORIZED = 61003
"""The account has not authorised the component, or has taken that back."""
REFRESH_TOKEN_INVALID = 61023
CODES_REFUSED = frozenset({61009, 61010})
"""An authorisation code that is invalid, expired, or exchanged already."""

NOT_AN_INTEGER = 61500
"""What an errcode that is no integer counts as: one data call is printed as answering a sentence there."""

_CLASSES: tuple[tuple[type[WeChatRefused], tuple[int, ...]], ...] = (
    (WeChatBusy, (-1, -1000)),
    (TooFast, (45011,)),
    (QuotaUsedUp, (45009, 45040)),
    (
        AccountFault,
        (
            40013, 40125, 40243, 41002, 41004,            # appid or secret: wrong, missing, frozen
            40164, 45035, 61004,                          # this machine's address is not on the account's whitelist
            89501, 89502, 89503, 89504, 89505, 89506, 89507,  # the address waits for the administrator, or was refused
            42007, 61003, 61007, 61023,                   # authorisation of a third-party platform withdrawn or lacking
            61005, 61006, 61011, 61028, 61029,            # the platform itself: no ticket, not valid, not published
            48001, 48004, 50001, 50002, 50004, 50007,     # rights lacking, blocked, frozen
        ),
    ),
)  # fmt: skip

CLASSES = MappingProxyType({errcode: kind for kind, errcodes in _CLASSES for errcode in errcodes})
"""errcode → type of error, where it is not plain WeChatRefused."""


def refusal(path: str, errcode: int, errmsg: str = "") -> WeChatRefused:
    """The typed error for ``errcode``; the caller raises it."""
    return CLASSES.get(errcode, WeChatRefused)(path, errcode, errmsg)


def as_errcode(value: object) -> int:
    """The errcode as an integer; 0 where there is none, :data:`NOT_AN_INTEGER` where it cannot be read."""
    if value is None or value == "":
        return 0
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    try:
        return int(str(value).strip())
    except ValueError:
        return NOT_AN_INTEGER
