"""One account without anybody, and its people as one process sees them."""

from __future__ import annotations

import pytest
import time_machine

from bot.merchants.people import SHELL, People, Role
from bot.store import Store
from bot.wechat.account import Account

OWNER, SECOND, CLERK = "oOwner0000000000000000000001", "oSecond000000000000000000002", "oClerk0000000000000000000003"


@pytest.fixture
def account() -> Account:
    """An account in Chinese."""
    return Account("wx0123456789abcdef", "gh_0123456789ab", "湖畔面馆", "s", ())


@pytest.fixture
async def people(store: Store, account: Account, clock: time_machine.Traveller) -> People:
    """王芳 the owner and 李四 the clerk."""
    loaded = People(store, account)
    await loaded.add(OWNER, Role.OWNER, "王芳", by=SHELL)
    clock.shift(1)
    await loaded.add(CLERK, Role.CLERK, "李四", by=SHELL)
    return loaded
