"""Which of WeChat's calls may be repeated without harm: those that only read.

Everything else is sent once. A second ``message/custom/send`` is a second message on somebody's phone, a second
``card/code/consume`` finds the code used up and cannot tell by whom. ``card/pay/getpayprice`` is here because a quote
binds nobody and ends by itself after 60 s.
"""

from __future__ import annotations

REPEATABLE = frozenset({
    "card/batchget",
    "card/code/checkcode",
    "card/code/decrypt",
    "card/code/get",
    "card/code/getdepositcount",
    "card/get",
    "card/getapplyprotocol",
    "card/getcolors",
    "card/pay/getcoinsinfo",
    "card/pay/getorder",
    "card/pay/getorderlist",
    "card/pay/getpayprice",
    "card/submerchant/batchget",
    "card/submerchant/get",
    "card/user/getcardlist",
    "cgi-bin/callback/check",
    "cgi-bin/get_api_domain_ip",
    "cgi-bin/get_current_selfmenu_info",
    "cgi-bin/getcallbackip",
    "cgi-bin/menu/get",
    "cgi-bin/openapi/quota/get",
    "cgi-bin/openapi/rid/get",
    "cgi-bin/poi/getpoi",
    "cgi-bin/poi/getpoilist",
    "cgi-bin/poi/getwxcategory",
    "cgi-bin/template/get_all_private_template",
    "cgi-bin/user/get",
    "cgi-bin/user/info",
    "cgi-bin/user/info/batchget",
})  # fmt: skip


def is_repeatable(path: str) -> bool:
    """Whether ``path`` (without a leading slash) only reads. All of the data cube does."""
    return path in REPEATABLE or path.startswith("datacube/")
