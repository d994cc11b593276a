"""The words a shop uses for values that WeChat writes in capitals."""

from __future__ import annotations

from collections.abc import Mapping

TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys(("是", "可以", "可", "开", "开启", "能", "允许", "yes", "y", "on", "true", "1"), True),
    **dict.fromkeys(
        ("否", "不可以", "不可", "不", "关", "关闭", "不能", "禁止", "no", "n", "off", "false", "0"), False
    ),
}

NOTHING = frozenset({"", "0", "无", "空", "没有", "清空", "none", "empty", "nothing", "clear"})
"""What clears a list or a cell of the voucher."""

WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
DAYS = (*WEEK, "HOLIDAY")

_CHINESE = {"MONDAY": "一", "TUESDAY": "二", "WEDNESDAY": "三", "THURSDAY": "四", "FRIDAY": "五", "SATURDAY": "六"}

DAY_WORDS: Mapping[str, tuple[str, ...]] = {
    **{
        word: (day,)
        for day in WEEK
        for figure in (("日", "天") if day == "SUNDAY" else (_CHINESE[day],))
        for word in (f"周{figure}", f"星期{figure}", f"礼拜{figure}")
    },
    **{word: (day,) for day in WEEK for word in (day.lower(), f"{day.lower()}s", day[:3].lower())},
    **dict.fromkeys(("tues",), ("TUESDAY",)),
    **dict.fromkeys(("thur", "thurs"), ("THURSDAY",)),
    **dict.fromkeys(("节假日", "假日", "节日", "法定节假日", "holiday", "holidays"), ("HOLIDAY",)),
    **dict.fromkeys(("工作日", "weekday", "weekdays"), WEEK[:5]),
    **dict.fromkeys(("周末", "双休日", "weekend", "weekends"), WEEK[5:]),
    **dict.fromkeys(("每天", "天天", "daily", "every day"), WEEK),
}
"""Lower-case word → the days it means, in WeChat's words."""

SERVICES = ("BIZ_SERVICE_DELIVER", "BIZ_SERVICE_FREE_PARK", "BIZ_SERVICE_WITH_PET", "BIZ_SERVICE_FREE_WIFI")

SERVICE_WORDS: Mapping[str, str] = {
    **{name.lower(): name for name in SERVICES},
    **{name.removeprefix("BIZ_SERVICE_").lower(): name for name in SERVICES},
    **dict.fromkeys(("外卖", "送餐", "外送", "delivery", "takeaway"), SERVICES[0]),
    **dict.fromkeys(("停车", "免费停车", "停车位", "parking", "free parking"), SERVICES[1]),
    **dict.fromkeys(("宠物", "可带宠物", "带宠物", "pet", "pets", "pets welcome"), SERVICES[2]),
    **dict.fromkeys(("免费wifi", "wifi", "wi-fi", "免费wi-fi", "无线网", "free wifi", "free wi-fi"), SERVICES[3]),
}

CODE_TYPES = (
    "CODE_TYPE_TEXT",
    "CODE_TYPE_BARCODE",
    "CODE_TYPE_QRCODE",
    "CODE_TYPE_ONLY_QRCODE",
    "CODE_TYPE_ONLY_BARCODE",
    "CODE_TYPE_NONE",
)

CODE_TYPE_WORDS: Mapping[str, str] = {
    **{name.lower(): name for name in CODE_TYPES},
    **{name.removeprefix("CODE_TYPE_").lower(): name for name in CODE_TYPES},
    **dict.fromkeys(("文本", "文字", "数字", "text code"), CODE_TYPES[0]),
    **dict.fromkeys(("条形码", "条码", "bar code"), CODE_TYPES[1]),
    **dict.fromkeys(("二维码", "qr", "qr code"), CODE_TYPES[2]),
    **dict.fromkeys(("仅二维码", "纯二维码", "only qr", "qr only"), CODE_TYPES[3]),
    **dict.fromkeys(("仅条形码", "仅条码", "纯条码", "only barcode", "barcode only"), CODE_TYPES[4]),
    **dict.fromkeys(("无", "无码", "不显示", "no code"), CODE_TYPES[5]),
}


def days_of(text: str) -> tuple[str, ...] | None:
    """The days that one word means, ``周一到周五`` and ``Mon-Fri`` included; None when it is no day."""
    word = " ".join(text.lower().split())
    if word in DAY_WORDS:
        return DAY_WORDS[word]
    for sign in ("到", "至", "~", "～", "—", "–", "-", " to "):
        first, found, last = (part.strip() for part in word.partition(sign))
        ends = DAY_WORDS.get(first, ()), DAY_WORDS.get(last, ())
        if found and all(len(end) == 1 and end[0] in WEEK for end in ends):
            begin, end = WEEK.index(ends[0][0]), WEEK.index(ends[1][0])
            return (WEEK + WEEK)[begin : end + 1 if begin <= end else end + 8]
    return None
