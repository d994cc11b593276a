"""From words to a command, from an event to its handler: what handlers are written with."""

from bot.merchants.links import Destination, Kind
from bot.merchants.people import Operator, Role
from bot.routing.arguments import (
    Changes,
    Coins,
    Flag,
    InvitationCode,
    LiveRange,
    Page,
    Person,
    Range,
    RequestNumber,
    RoleWord,
    SignedAmount,
    Switch,
    Text,
    TimeOfDay,
    Until,
    VoucherCode,
    VoucherCodeFirst,
    VoucherRef,
    VoucherRefs,
    Word,
)
from bot.routing.context import Context, Services
from bot.routing.reply import Notice, Reply
from bot.routing.router import Command, Router
from bot.wechat.inbound import Incoming

__all__ = [
    "Changes",
    "Coins",
    "Command",
    "Context",
    "Destination",
    "Flag",
    "Incoming",
    "InvitationCode",
    "Kind",
    "LiveRange",
    "Notice",
    "Operator",
    "Page",
    "Person",
    "Range",
    "Reply",
    "RequestNumber",
    "Role",
    "RoleWord",
    "Router",
    "Services",
    "SignedAmount",
    "Switch",
    "Text",
    "TimeOfDay",
    "Until",
    "VoucherCode",
    "VoucherCodeFirst",
    "VoucherRef",
    "VoucherRefs",
    "Word",
]
