"""Every field of a voucher that a shop may name, in one table.

Rows are those of the two field tables of "Friend's Vouchers Management APIs" (``base_info`` and ``advanced_info``), in
their order, then the fields that cannot be changed after creation, so that a refusal can name them. Limits are UTF-8
bytes; the document's placeholders (``color`` 3072, ``location_id_list`` 3072, ``text_image_list`` 3072, ``time_limit``
24, ``card_id`` 24, ``code_type`` 16 beside enum names of 22 characters) are not limits and are not enforced.

``ordinary`` is False for all of ``advanced_info``: the document shows it changeable for Friend's Vouchers, other
sources call it unchangeable for ordinary coupons.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a field's value is read, compared and shown."""

    GROUP = "group"
    TEXT = "text"
    PHONE = "phone"
    URL = "url"
    IMAGE = "image"
    COLOR = "color"
    STORES = "stores"
    CODE_TYPE = "code_type"
    COUNT = "count"
    FLAG = "flag"
    VALIDITY = "validity"
    VALIDITY_TYPE = "validity_type"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    SUMMARY = "summary"
    COVER = "cover"
    PICTURES = "pictures"
    PICTURE_URL = "picture_url"
    PICTURE_TEXT = "picture_text"
    SERVICES = "services"
    HOURS = "hours"
    DAYS = "days"
    SHARE_SELF = "share_self"
    SHARE_LIST = "share_list"
    SHARE_CARD = "share_card"
    SHARE_COUNT = "share_count"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Field:
    """One row.

    ``name`` is the document's, dotted below ``place`` (``base_info``, ``advanced_info`` or empty: beside them).
    ``words`` are what a shop types for it in Chinese or in short; the first is its Chinese label. ``limit`` is refused
    above, ``advised`` warned above (UTF-8 bytes; 0 = no such limit). ``review`` is the table's word on whether a change
    goes back to review. ``required`` fields may not be emptied. ``whole`` names the field that is sent when this one,
    a part of it, changes.
    """

    name: str
    words: tuple[str, ...]
    kind: Kind
    place: str = "base_info"
    json: str = "string"
    limit: int = 0
    advised: int = 0
    review: bool = False
    required: bool = False
    friends: bool = True
    ordinary: bool = True
    whole: str = ""

    @property
    def label(self) -> str:
        """The Chinese name that replies use."""
        return self.words[0]

    @property
    def path(self) -> tuple[str, ...]:
        """Keys from the type object (``cash``, ``gift``) down to the value."""
        return (*filter(None, (self.place,)), *self.name.split("."))

    def changeable(self, is_friends: bool) -> bool:
        """Whether ``card/update`` takes it for this kind of voucher."""
        return self.friends if is_friends else self.ordinary


def _base(name: str, words: str, kind: Kind = Kind.TEXT, **columns: object) -> Field:
    return Field(name, tuple(words.split()), kind, **columns)  # type: ignore[arg-type]  # a row of the table below


def _advanced(name: str, words: str, kind: Kind, **columns: object) -> Field:
    return _base(name, words, kind, place="advanced_info", ordinary=False, **columns)


def _fixed(name: str, words: str, place: str = "base_info") -> Field:
    return Field(name, tuple(words.split()), Kind.FIXED, place, friends=False, ordinary=False)


FIELDS: tuple[Field, ...] = (
    _base("base_info", "基本信息", Kind.GROUP, place="", json="object"),
    _base("logo_url", "LOGO 商标 标志 店标", Kind.IMAGE, limit=128, review=True, required=True),
    _base("notice", "提醒 使用提醒 提示 操作提示 tip", limit=48, review=True, required=True),
    _base("description", "使用须知 须知 说明 使用说明 instructions", limit=3072, review=True, required=True),
    _base("color", "颜色 卡券颜色 colour", Kind.COLOR, review=True, required=True),
    _base("service_phone", "客服电话 电话 客服 phone", Kind.PHONE, limit=24),
    _base("location_id_list", "门店 适用门店 stores shops", Kind.STORES, json="int[]"),
    _base("center_title", "中间按钮 居中按钮 按钮", limit=18),
    _base("center_sub_title", "中间按钮说明 按钮说明", limit=24),
    _base("center_url", "中间按钮链接 按钮链接", Kind.URL, limit=128),
    _base("custom_url_name", "自定义入口 入口", limit=16, advised=15),
    _base("custom_url", "自定义链接 入口链接", Kind.URL, limit=128),
    _base("custom_url_sub_title", "自定义入口说明 入口说明", limit=18),
    _base("promotion_url_name", "推广入口 营销入口", limit=16, advised=15),
    _base("promotion_url", "推广链接 营销链接", Kind.URL, limit=128),
    _base("promotion_url_sub_title", "推广入口说明 推广说明 营销入口说明", limit=18),
    _base("code_type", "码型 券码类型 码类型 code", Kind.CODE_TYPE, required=True),
    _base("get_limit", "限领 每人限领 领取上限 limit", Kind.COUNT, json="int", required=True),
    _base("can_share", "可分享 允许分享 分享", Kind.FLAG, json="bool", required=True),
    _base("can_give_friend", "可转赠 允许转赠 转赠 赠送", Kind.FLAG, json="bool", required=True),
    _base("date_info", "有效期 有效期限 validity", Kind.VALIDITY, json="object", required=True),
    _base("date_info.type", "有效期类型", Kind.VALIDITY_TYPE, required=True),
    _base(
        "date_info.begin_timestamp",
        "开始日期 开始 起始日期 生效日期 begin start first_day begin_timestamp date_info.begin",
        Kind.FIRST_DAY,
        json="uint",
        required=True,
    ),
    _base(
        "date_info.end_timestamp",
        "结束日期 结束 截止 截止日期 到期 到期日 最后一天 end last_day end_timestamp date_info.end",
        Kind.LAST_DAY,
        json="uint",
        required=True,
    ),
    _base("advanced_info", "高级信息", Kind.GROUP, place="", json="object", review=True, ordinary=False),
    _advanced("abstract", "摘要 summary", Kind.SUMMARY, json="object", required=True),
    _advanced("abstract.abstract", "封面简介 简介 摘要文字", Kind.TEXT, limit=60, advised=24, required=True),
    _advanced(
        "abstract.icon_url_list",
        "封面图 封面 icon_url_list cover",
        Kind.COVER,
        json="string[]",
        limit=3072,
        advised=128,
        required=True,
    ),
    _advanced("text_image_list", "图文 图文介绍 图文列表 pictures", Kind.PICTURES, json="object[]", required=True),
    _advanced(
        "text_image_list.image_url",
        "图文图片 图片 image_url",
        Kind.PICTURE_URL,
        limit=3072,
        advised=128,
        required=True,
        whole="text_image_list",
    ),
    _advanced(
        "text_image_list.text",
        "图文文字 图片文字 text",
        Kind.PICTURE_TEXT,
        limit=3072,
        advised=512,
        required=True,
        whole="text_image_list",
    ),
    _advanced("business_service", "商家服务 服务 services service", Kind.SERVICES, json="string[]"),
    _advanced("time_limit", "可用时段 使用时段 时段 可用时间 hours", Kind.HOURS, json="object[]", review=True),
    _advanced("time_limit.type", "可用日 可用日期 星期 days", Kind.DAYS, review=True, whole="time_limit"),
    _advanced("consume_share_self_num", "再送本券 送本券 核销送本券", Kind.SHARE_SELF, json="int", review=True),
    _advanced(
        "consume_share_card_list", "送券 送其他券 送他券 核销送券", Kind.SHARE_LIST, json="object[]", review=True
    ),
    _advanced(
        "consume_share_card_list.card_id",
        "送券编号 送券ID",
        Kind.SHARE_CARD,
        limit=32,
        review=True,
        whole="consume_share_card_list",
    ),
    _advanced(
        "consume_share_card_list.num",
        "送券数量 送券张数 num",
        Kind.SHARE_COUNT,
        json="uint",
        review=True,
        whole="consume_share_card_list",
    ),
    # Not in the document's tables: fixed when the voucher is created, or changed by another call.
    _fixed("brand_name", "商户名称 商户名 店名 品牌 brand"),
    _fixed("title", "标题 券名 名称 name"),
    _fixed("sub_title", "副标题"),
    _fixed("sku", "库存 数量 sku.quantity quantity sku.total_quantity total_quantity stock"),
    _fixed("use_limit", "可用次数 使用次数"),
    _fixed("use_all_locations", "全部门店 所有门店"),
    _fixed("use_custom_code", "自定义券码 自定义码"),
    _fixed("get_custom_code_mode", "导入券码"),
    _fixed("bind_openid", "指定用户 指定领取人"),
    _fixed("source", "来源"),
    _fixed("date_info.fixed_term", "有效天数 fixed_term"),
    _fixed("date_info.fixed_begin_term", "几天后生效 fixed_begin_term"),
    _fixed("sub_merchant_info", "子商户 sub_merchant_info.merchant_id"),
    _fixed("status", "状态"),
    _fixed("card_type", "卡券类型 券类型", place=""),
    _fixed("card_id", "卡券编号 卡券ID id", place=""),
    _fixed("least_cost", "起用金额 最低消费", place=""),
    _fixed("reduce_cost", "减免金额 面额 金额 面值", place=""),
    _fixed("gift", "兑换内容 礼品", place=""),
    _fixed("gift_name", "礼品名称 兑换品", place=""),
    _fixed("gift_num", "礼品数量 兑换数量", place=""),
    _fixed("gift_unit", "礼品单位", place=""),
    _fixed("discount", "折扣", place=""),
    _fixed("deal_detail", "团购详情", place=""),
    _fixed("default_detail", "优惠详情", place=""),
    _fixed("use_condition", "使用门槛 门槛 使用条件", place="advanced_info"),
    _fixed("use_condition.accept_category", "适用品类 accept_category", place="advanced_info"),
    _fixed("use_condition.reject_category", "不适用品类 reject_category", place="advanced_info"),
    _fixed("use_condition.object_use_for", "购买可用 object_use_for", place="advanced_info"),
    _fixed("use_condition.can_use_with_other_discount", "优惠同享 can_use_with_other_discount", place="advanced_info"),
    _fixed("share_friends", "朋友共享 共享", place="advanced_info"),
)

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}


def changeable(is_friends: bool) -> tuple[Field, ...]:
    """The fields ``update`` takes for a Friend's Voucher, or for an ordinary coupon, in the document's order."""
    return tuple(field for field in FIELDS if field.kind is not Kind.GROUP and field.changeable(is_friends))
