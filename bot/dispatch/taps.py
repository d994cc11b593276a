"""Taps on the operators' menu, as the texts they stand for. What the shop's own menu holds is not ours.

``scancode_waitmsg`` brings what was scanned. Of a barcode that may be ``CODE_128,226000000001`` (so the JS-SDK writes
it; that the menu does, too, is not confirmed), of a QR code it is the content alone: both are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.wechat.inbound import Incoming
from bot.wechat.menu import KEY

SCAN = "scancode_waitmsg"
LONGEST = 60
"""Letters of what was scanned that are worth repeating to somebody; a voucher's code has twenty."""
_FORMAT = re.compile(r"[A-Z][A-Z0-9_]*,")


def typed(push: Incoming, language: str) -> str:
    """The text that ``push`` stands for, as somebody who reads ``language`` would type it; "" for none of ours."""
    if push.type == "click" and push.value("EventKey").startswith(KEY):
        return push.value("EventKey").removeprefix(KEY)
    return f"{'redeem' if language == 'en' else '核销'} {_scanned(push)}" if push.type == SCAN else ""


def _scanned(push: Incoming) -> str:
    info = push.fields.get("ScanCodeInfo")
    content = str(info.get("ScanResult") or "") if isinstance(info, Mapping) else ""
    return " ".join(_FORMAT.sub("", content, count=1).split())[:LONGEST]
