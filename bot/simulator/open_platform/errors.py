"""Errors of the component calls. Texts: official tables where there is one (messaging.md B2.5), else a rendering."""

from __future__ import annotations

COMPONENT_TEXTS: dict[int, str] = {
    40170: "args count exceed count limit",
    41018: "component_appid missing",
    42006: "component_access_token expired",
    43014: "agent qualification missing",
    61000: "invalid component type",
    61001: "component type and component appid are not match",
    61003: "component is not authorized by this account",
    61004: "access clientip is not registered",
    61005: "component ticket is expired",
    61006: "component ticket is invalid",
    61007: "api is unauthorized to component",
    61008: "component req key is duplicated",
    61009: "code is invalid",
    61010: "code is expired",
    61011: "invalid component",
    61012: "invalid option name",
    61013: "invalid option value",
    61014: "must use component token for component api",
    61015: "must use api account token, not component token",
    61016: "function category of api need be confirmed by component",
    61017: "function category is not authorized",
    61023: "refresh_token is invalid",
    61024: "must use api_component_token to get token for component acct",
    61025: "option is read only",
    61028: "component is not published",
    61029: "component needs to be published again",
}
