"""Events by what they ask of us."""

from __future__ import annotations

TAPS = frozenset(
    {
        "click", "scancode_waitmsg", "scancode_push", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
        "location_select",
    }
)  # fmt: skip
"""Taps on the account's menu: somebody waits for an answer."""
WITHOUT_HANDLER = TAPS | {
    "scan", "location", "view", "view_miniprogram",
    "masssendjobfinish", "publishjobfinish", "user_get_card", "user_gifting_card",
    "user_del_card", "user_consume_card", "user_pay_from_pay_cell", "user_view_card", "user_enter_session_from_card",
    "update_member_card", "submit_membercard_user_info", "debug_demo",
    "kf_create_session", "kf_close_session", "kf_switch_session",
}  # fmt: skip
"""Events that are understood and ask nothing of us yet; every other one without a handler is kept for inspection."""
