"""The questions about a sub-merchant, in their order, and what an answer to each becomes. Pure.

``categories`` is known before the first one, as WeChat listed them then; of a sub-merchant that applies again also its
``merchant_id``.
Source: "Third-party developer mode", card/submerchant/submit and card/getapplyprotocol.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot import clock
from bot.dialogue import Dialogue, Said, Step, Values
from bot.vouchers import dates
from bot.vouchers.creating import readers as read
from bot.vouchers.fields import BY_NAME, Field, Kind
from bot.vouchers.finding import fold
from bot.vouchers.picture_checks import MOST_BYTES, MOST_LENT
from bot.vouchers.remarks import Kind as Problem
from bot.vouchers.remarks import Unreadable, remark

PAPERS = ("protocol", "agreement_media_id", "operator_media_id")
"""Steps that a picture of a paper answers: WeChat takes an id that it forgets after three days."""
PICTURES = {"logo_url": MOST_BYTES >> 20, **dict.fromkeys(PAPERS, MOST_LENT >> 20)}
"""Steps that a picture answers, and the megabytes it may have."""
LOGO = (300, 300)
"""Pixels WeChat advises."""
_A_YEAR = timedelta(days=365)

_FIELDS = {
    "brand_name": BY_NAME["brand_name"],
    "logo_url": BY_NAME["logo_url"],
    "primary_category_id": Field("category", ("类目", "一级类目"), Kind.FIXED),
    "secondary_category_id": Field("subcategory", ("二级类目", "子类目"), Kind.FIXED),
    "protocol": Field("letter", ("授权函", "授权书", "协议"), Kind.FIXED),
    "agreement_media_id": Field("licence", ("营业执照", "执照"), Kind.FIXED),
    "operator_media_id": Field("id", ("身份证", "证件"), Kind.FIXED),
    "end_time": Field("until", ("到期日", "授权到期日"), Kind.FIXED),
    "app_id": Field("account", ("公众号", "appid", "app_id"), Kind.FIXED),
}
_APPID = re.compile(r"wx[0-9a-f]{16}")
_UNTIL = re.compile(r"^(?:有效期?)?(?:到|至|截止到?|until|till|to)\s*", re.IGNORECASE)


def field_of(name: str) -> Field:
    """What the step ``name`` is called."""
    return _FIELDS[name]


def seconds_of(values: Values) -> list[dict[str, Any]]:
    """The second level below the first one that was chosen."""
    wanted = values.get("primary_category_id")
    return next((each["seconds"] for each in values["categories"] if each["id"] == wanted), [])


def chosen(values: Values) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Both levels of the category; None where they do not belong together, or WeChat did not list them."""
    wanted = values.get("primary_category_id"), values.get("secondary_category_id")
    pairs = ((first, second) for first in values["categories"] for second in first["seconds"])
    return next((pair for pair in pairs if (pair[0]["id"], pair[1]["id"]) == wanted), None)


def _primary(said: Said) -> Values:
    return {"primary_category_id": _of(said.values["categories"], "primary_category_id", said)}


def _secondary(said: Said) -> Values:
    return {"secondary_category_id": _of(seconds_of(said.values), "secondary_category_id", said)}


def _of(choices: Sequence[dict[str, Any]], name: str, said: Said) -> int:
    """By number, by name, or by a piece of one name alone."""
    words = read.plain(said.text).lstrip("#")
    if words.isdecimal() and 1 <= int(words) <= len(choices):
        return int(choices[int(words) - 1]["id"])
    named = [each for each in choices if fold(each["name"]) == fold(words)]
    fits = named or [each for each in choices if fold(words) and fold(words) in fold(each["name"])]
    if len(fits) != 1:
        raise Unreadable(remark(Problem.NOT_OFFERED, field_of(name), said.text))
    return int(fits[0]["id"])


def _paper(name: str) -> read.Reader:
    """A picture given to WeChat just now: no id that somebody typed is taken for one."""

    def reader(said: Said) -> Values:
        lent = said.around.get("lent")
        if lent is None:
            raise Unreadable(remark(Problem.SEND_PICTURE, field_of(name), said.text, most=PICTURES[name]))
        return {name: lent.media_id, f"{name}_at": lent.at}

    return reader


def _end(said: Said) -> Values:
    """The last second of a day to come."""
    today = clock.wechat_today()
    seconds = dates.ending(_UNTIL.sub("", read.plain(said.text)), today)
    if seconds is None or not clock.now() < seconds <= dates.LATEST:
        raise Unreadable(remark(Problem.NOT_A_COMING_DAY, field_of("end_time"), said.text, first=today + _A_YEAR))
    return {"end_time": seconds}


def _appid(said: Said) -> Values:
    words = read.plain(said.text)
    if not _APPID.fullmatch(words):
        raise Unreadable(remark(Problem.NOT_AN_APPID, field_of("app_id"), said.text))
    return {"app_id": words}


def _names(name: str) -> tuple[str, ...]:
    field = field_of(name)
    return tuple(word.lower() for word in (*field.words, field.name))


SUBMIT = Dialogue(
    Step("brand_name", read.prose("brand_name", 36), prose=True, names=(*_names("brand_name"), "名称", "name")),
    Step("logo_url", read.image("logo_url", field_of("logo_url")), names=_names("logo_url")),
    Step("primary_category_id", _primary, names=_names("primary_category_id")),
    Step("secondary_category_id", _secondary, names=_names("secondary_category_id")),
    Step("protocol", _paper("protocol"), names=_names("protocol")),
    Step("agreement_media_id", _paper("agreement_media_id"), optional=True, names=_names("agreement_media_id")),
    Step("operator_media_id", _paper("operator_media_id"), optional=True, names=_names("operator_media_id")),
    Step("end_time", _end, names=_names("end_time")),
    Step("app_id", _appid, optional=True, names=_names("app_id")),
)
