"""What WeChat pushed, as the program sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Incoming:
    """One authentic push.

    ``kind`` is ``message`` or ``event``; ``type`` the lower-case MsgType or Event; ``fields`` every element as text
    (nested elements as dicts and lists); ``identity`` names the push itself, the same for all of WeChat's repeats.
    """

    appid: str
    original_id: str
    openid: str
    kind: str
    type: str
    created_at: int
    identity: str
    text: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
