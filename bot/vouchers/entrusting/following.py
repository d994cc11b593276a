"""Applications that WeChat's reviewers have now: who sent each, so that they hear of it, and what no event told.

The result is an event, which may never come. So every application of ours is noted until it is decided, and one that
turns out to be decided without a word is told by the watch.
Source: event card_merchant_check_result; card/submerchant/get.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from bot import clock
from bot.errors import WeChatError, WeChatRefused
from bot.store import Script, Store, draft_keys
from bot.vouchers.submerchants import SubMerchant, SubMerchants
from bot.wechat.account import Account

GRACE_SECONDS = 60
"""WeChat tries an event three times within about 15 s; only after that the watch speaks for it."""
TOLD_SECONDS = 3600
"""How long a result goes on being told: whoever was told is not told again, whoever was not is."""
WAITED_SECONDS = 30 * 86_400
CHECKING = "CHECKING"

_SWAP = Script("""
-- applications | merchant id, what is there, what shall be there ('' = nothing)
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
""")


@dataclass(frozen=True, slots=True)
class Sent:
    """An application of ours: its sender, the attempt's ``reference``, and when; seconds since 1970.

    ``decided_at``: when the watch first saw it decided, 0 before.
    """

    merchant_id: int
    openid: str
    reference: str
    at: float
    decided_at: float = 0.0


APPLIED = draft_keys.applications
"""The key without which no application of an account waits for its result."""


class Following:
    """The applications of one account."""

    def __init__(self, account: Account, store: Store, submerchants: SubMerchants) -> None:
        self._store = store
        self._submerchants = submerchants
        self._key = draft_keys.applications(account.appid)

    async def note(self, merchant: SubMerchant, *, openid: str, reference: str) -> None:
        """``merchant`` has been submitted."""
        sent = Sent(merchant.merchant_id, openid, reference, clock.now())
        await self._store.do("HSET", self._key, str(sent.merchant_id), _written(sent))

    async def of(self, merchant_id: int) -> Sent | None:
        """The application of ours that waits, or was decided within the hour."""
        raw = await self._store.do("HGET", self._key, str(merchant_id))
        return Sent(**json.loads(raw)) if raw else None

    async def missed(self) -> list[tuple[Sent, SubMerchant]]:
        """Applications decided without an event that reached us, as far as is known: seen so by two looks."""
        found = []
        for raw in (await self._store.do("HGETALL", self._key)).values():
            sent = Sent(**json.loads(raw))
            try:
                merchant = await self._submerchants.get(sent.merchant_id)
            except WeChatRefused:
                await self._swap(sent, raw, None)
                continue
            except WeChatError:
                break  # nothing is lost: the next round asks again
            if await self._due(sent, raw, merchant):
                found.append((sent, merchant))
        return found

    async def _due(self, sent: Sent, raw: str, merchant: SubMerchant) -> bool:
        """Whether it is to be told now; what is over is forgotten."""
        now = clock.now()
        if merchant.status == CHECKING:
            if sent.at + WAITED_SECONDS < now:
                await self._swap(sent, raw, None)
            return False
        if not sent.decided_at:
            await self._swap(sent, raw, replace(sent, decided_at=now))
            return False
        if sent.decided_at + TOLD_SECONDS < now:
            await self._swap(sent, raw, None)
            return False
        return sent.decided_at + GRACE_SECONDS <= now

    async def _swap(self, sent: Sent, raw: str, new: Sent | None) -> None:
        """Unless it has been submitted again meanwhile."""
        await self._store.script(_SWAP, [self._key], [str(sent.merchant_id), raw, _written(new) if new else ""])


def _written(sent: Sent) -> str:
    return json.dumps(asdict(sent), separators=(",", ":"))
