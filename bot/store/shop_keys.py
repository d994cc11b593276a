"""Redis keys of people who serve several shops by way of one account. As bot.store.keys."""

from __future__ import annotations

from bot.store.keys import VERSION


def chosen(appid: str) -> str:
    """Hash, openid to appid: the shop for which somebody speaks by their own choice. For ever.

    Owner: bot.merchants.choices.
    """
    return f"{VERSION}:{{{appid}}}:shops:chosen"


def lately(appid: str, openid: str) -> str:
    """Hash (``listed`` JSON): the shop somebody spoke for last, the shops they saw numbered, what asked which. 7 days.

    Owner: bot.merchants.choices.
    """
    return f"{VERSION}:{{{appid}}}:shops:lately:{openid}"


def meaning(appid: str, identity: str) -> str:
    """String: the shop one message spoke for, and its text without the shop's name. An hour.

    Owner: bot.merchants.choices.
    """
    return f"{VERSION}:{{{appid}}}:shops:meaning:{identity}"


def gathering(appid: str, openid: str) -> str:
    """String (plain): the slot in which things are gathered for a person now. A day. Owner: bot.merchants.gathered."""
    return f"{VERSION}:{{{appid}}}:shops:gathering:{openid}"


def gathered(appid: str, openid: str, slot: int) -> str:
    """Hash (plain fields, sealed): what of several shops is told to one person together, and whether it is closed.

    A week. Owner: bot.merchants.gathered.
    """
    return f"{VERSION}:{{{appid}}}:shops:gathered:{openid}:{slot}"


def code_shop(digest: str) -> str:
    """String: the appid of the shop that the invitation of this SHA-256 is of. 7 days.

    Of no account, since whoever texts the code may do so anywhere. Owner: bot.merchants.invitations.
    """
    return f"{VERSION}:invitation:{digest}"
