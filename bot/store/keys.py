"""Every Redis key, with its type, lifetime and owner.

Keys begin with the schema version. Keys of one account share the hash tag ``{appid}``, so that one script may touch
them together on a cluster. Values are JSON unless a docstring says otherwise.
"""

from __future__ import annotations

VERSION = "v1"


def push(appid: str, identity: str) -> str:
    """Hash (plain fields): one push and its answer. 25 h, 7 days where stock or money moves. Owner: bot.store.inbox."""
    return f"{VERSION}:{{{appid}}}:push:{identity}"


def signature(appid: str, signature: str) -> str:
    """String: digest of the one body that came under a signature. 2 × ``max_age``. Owner: bot.store.inbox."""
    return f"{VERSION}:{{{appid}}}:sig:{signature}"


def token(appid: str) -> str:
    """Hash (plain fields): the access token and when it ends. As long as the token. Owner: bot.store.tokens."""
    return f"{VERSION}:{{{appid}}}:token"


def token_lease(appid: str) -> str:
    """String: who fetches a token now. Seconds. Owner: bot.store.tokens."""
    return f"{VERSION}:{{{appid}}}:token:lease"


def token_budget(appid: str, kind: str, day: str) -> str:
    """Counter: token fetches of ``kind`` (``normal`` or ``forced``) on ``day``. 25 h. Owner: bot.store.tokens."""
    return f"{VERSION}:{{{appid}}}:token:fetches:{kind}:{day}"
