"""WeChat's pages on which a merchant's administrator authorises a component.

Source: "authorisation process"; the page that links to them has to lie on the component's registered domain.
"""

from __future__ import annotations

from urllib.parse import urlencode

OFFICIAL_ACCOUNTS = "1"
"""auth_type: mini programs have no vouchers of this kind."""


def for_desktop(base_url: str, component: str, pre_auth_code: str, redirect_uri: str) -> str:
    """The page that shows a QR code, on ``mp.weixin.qq.com``."""
    query = _query(component, pre_auth_code, redirect_uri)
    return f"{base_url.rstrip('/')}/cgi-bin/componentloginpage?{urlencode(query)}"


def in_wechat(base_url: str, component: str, pre_auth_code: str, redirect_uri: str) -> str:
    """The page inside WeChat on a phone, on ``open.weixin.qq.com``."""
    query = {"action": "bindcomponent", "no_scan": "1", **_query(component, pre_auth_code, redirect_uri)}
    return f"{base_url.rstrip('/')}/wxaopen/safe/bindcomponent?{urlencode(query)}#wechat_redirect"


def _query(component: str, pre_auth_code: str, redirect_uri: str) -> dict[str, str]:
    return {
        "component_appid": component,
        "pre_auth_code": pre_auth_code,
        "redirect_uri": redirect_uri,
        "auth_type": OFFICIAL_ACCOUNTS,
    }
