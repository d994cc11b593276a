"""Redis keys of the third-party platform, as :mod:`bot.store.keys` has all others.

What is here belongs to the component and to no account: its keys share the hash tag of the component's appid.
"""

from __future__ import annotations

from bot.store.keys import VERSION


def ticket(component: str) -> str:
    """Hash (plain fields): the newest ticket, sealed, and when it was made. 12 h. Owner: bot.store.tickets."""
    return f"{VERSION}:{{{component}}}:ticket"


def authorizers(component: str) -> str:
    """Hash, appid to JSON: the accounts that ever authorised the component. Stays. Owner: bot.store.authorizers."""
    return f"{VERSION}:{{{component}}}:authorizers"


def refresh_tokens(component: str) -> str:
    """Hash, appid to JSON: each account's refresh token, sealed, and when it was kept. As long as authorised.

    Owner: bot.store.authorizers.
    """
    return f"{VERSION}:{{{component}}}:authorizers:refresh"


def authorizer_news(component: str) -> str:
    """Channel: the appid of an account whose entry has changed. Owner: bot.store.authorizers."""
    return f"{VERSION}:{{{component}}}:authorizers:news"


def authorization_state(component: str, digest: str) -> str:
    """String: what a page of authorisation was opened with. As long as its pre-auth code.

    Owner: bot.store.authorizers.
    """
    return f"{VERSION}:{{{component}}}:authorizers:state:{digest}"


def exchange(component: str, digest: str) -> str:
    """String: who exchanges the authorisation code with this SHA-256, or what came of it. 1 h.

    Owner: bot.store.authorizers.
    """
    return f"{VERSION}:{{{component}}}:authorizers:exchange:{digest}"


def recovering(component: str) -> str:
    """String: when WeChat was asked who has authorised us, nobody being known. 10 min.

    Owner: bot.merchants.authorizing.
    """
    return f"{VERSION}:{{{component}}}:authorizers:recovering"


def changed_accounts() -> str:
    """Sorted set, appid by second: whose people or their wishes changed when. Stays. Owner: bot.store.keepsakes."""
    return f"{VERSION}:keepsakes:changed"


def not_emptied() -> str:
    """String: since when this Redis holds what it should. Stays, unless it is emptied. Owner: bot.store.keepsakes."""
    return f"{VERSION}:keepsakes:mark"


def active_accounts() -> str:
    """Sorted set, appid by second: which accounts pushes came for when. Minutes. Owner: bot.dispatch.rounds."""
    return f"{VERSION}:accounts:active"
