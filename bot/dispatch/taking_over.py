"""Pushes whose process died: written down when they came, carried on by whoever looks next.

A copy that WeChat sends again takes the work over by itself; this is for pushes of which no copy will come any more.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from bot.store.inbox import Claimed, Copy, Inbox
from bot.store.sealing import Sealer
from bot.wechat.inbound import Incoming


@dataclass(frozen=True, slots=True)
class Orphan:
    """A push to be carried on, under a claim that is ours."""

    push: Incoming
    copy: Copy
    claimed: Claimed


def written(push: Incoming, keep: float, sealer: Sealer) -> str:
    """``push`` as it is kept while it is worked on, and for how many seconds its identity is."""
    return sealer.seal(json.dumps({"push": asdict(push), "keep": keep}, ensure_ascii=False))


async def orphans(inbox: Inbox, appid: str, sealer: Sealer, now: float) -> list[Orphan]:
    """What nobody works on any more, claimed for us; what a new AppSecret has made unreadable is given up.

    Raises :exc:`bot.errors.StoreUnavailable`.
    """
    found = []
    for identity in await inbox.lapsed(appid, now):
        taken = await inbox.take_over(appid, identity, now)
        if taken is None:
            continue
        opened = sealer.open(taken[0])
        if opened is None:
            await inbox.disown(appid, identity)
            continue
        kept = json.loads(opened)
        push = Incoming(**kept["push"])
        copy = Copy(appid, push.openid, identity, signature="", body=b"", keep=kept["keep"], signature_keep=0)
        found.append(Orphan(push, copy, taken[1]))
    return found
