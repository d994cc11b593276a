"""Cards as card/get answers them, for tests of rules."""

from __future__ import annotations

from typing import Any

from bot.vouchers.model import Voucher

CARD_ID = "pDEMO1aaaaaaaaaaaaaaaaaaaaaa"
OTHER_ID = "pDEMO2bbbbbbbbbbbbbbbbbbbbbb"
PICTURE = "http://mmbiz.qpic.cn/mmbiz/y/0"
BEGIN = 1_764_518_400  # 2025-12-01 00:00:00 UTC+8
END = 1_772_294_399  # 2026-02-28 23:59:59 UTC+8


def cash(
    base: dict[str, Any] | None = None, advanced: dict[str, Any] | None = None, *, friends: bool = True
) -> Voucher:
    """The reference's CASH example; ``base`` and ``advanced`` replace single fields."""
    return Voucher.of(
        {
            "card_type": "CASH",
            "cash": {
                "base_info": {
                    "id": CARD_ID,
                    "logo_url": "http://mmbiz.qpic.cn/mmbiz/x/0",
                    "code_type": "CODE_TYPE_QRCODE",
                    "brand_name": "湖畔面馆",
                    "title": "10元代金券",
                    "color": "#63b359",
                    "notice": "结账前出示",
                    "service_phone": "0571-1234567",
                    "description": "每桌限用一张",
                    "location_id_list": [271262077],
                    "date_info": {
                        "type": "DATE_TYPE_FIX_TIME_RANGE",
                        "begin_timestamp": BEGIN,
                        "end_timestamp": END,
                    },
                    "get_limit": 1,
                    "use_limit": 50,
                    "can_share": False,
                    "can_give_friend": False,
                    "status": "CARD_STATUS_VERIFY_OK",
                    "sku": {"quantity": 480, "total_quantity": 500},
                    **(base or {}),
                },
                "least_cost": 0,
                "reduce_cost": 1000,
                "advanced_info": {
                    "time_limit": [
                        {"type": "MONDAY", "begin_hour": 10, "begin_minute": 0, "end_hour": 20, "end_minute": 59}
                    ],
                    "text_image_list": [{"image_url": PICTURE, "text": "手擀面"}],
                    "business_service": ["BIZ_SERVICE_FREE_WIFI"],
                    "consume_share_card_list": [],
                    "consume_share_self_num": 0,
                    "share_friends": friends,
                    "abstract": {"abstract": "湖边的面", "icon_url_list": ["http://mmbiz.qpic.cn/mmbiz/z/0"]},
                    **(advanced or {}),
                },
            },
        }
    )


def other(**base: Any) -> Voucher:
    """Another Friend's Voucher of the shop, 春节券."""
    return cash({"id": OTHER_ID, "title": "春节券", **base})
