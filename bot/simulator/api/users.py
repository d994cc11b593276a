"""cgi-bin/tags/*, user/tag/get, user/info (messaging.md A7.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.simulator.api.codes import person_of
from bot.simulator.api.request import Answer, Endpoint, Request
from bot.simulator.errors import ApiError, ok

MOST_OPENIDS = 50


def _tag(request: Request) -> Mapping[str, Any]:
    tag = request.body.get("tag")
    if not isinstance(tag, Mapping):
        raise ApiError(47001)
    return tag


def create(request: Request) -> Answer:
    """A new tag."""
    tag = request.world.tags.create(request.shop.appid, _tag(request).get("name"))
    return {"tag": {"id": tag.id, "name": tag.name}}


def get(request: Request) -> Answer:
    """All of them."""
    tags = request.world.tags.of(request.shop.appid)
    return {"tags": [{"id": tag.id, "name": tag.name, "count": len(tag.openids)} for tag in tags]}


def update(request: Request) -> Answer:
    """Another name."""
    given = _tag(request)
    request.world.tags.rename(request.shop.appid, given.get("id"), given.get("name"))
    return ok()


def delete(request: Request) -> Answer:
    """Delete one; whoever had it has it no more."""
    request.world.tags.delete(request.shop.appid, _tag(request).get("id"))
    return ok()


def _followers(request: Request) -> list[str]:
    openids = request.body.get("openid_list")
    if not isinstance(openids, list) or not 1 <= len(openids) <= MOST_OPENIDS:
        raise ApiError(40032)
    if not all(isinstance(one, str) and request.world.people.follows(request.shop.appid, one) for one in openids):
        raise ApiError(40003)
    return openids


def tag_members(request: Request) -> Answer:
    """Give followers a tag."""
    world, appid = request.world, request.shop.appid
    openids = _followers(request)
    world.tags.put_on(appid, world.tags.get(appid, request.body.get("tagid")), openids)
    return ok()


def untag_members(request: Request) -> Answer:
    """Take it from them."""
    world, appid = request.world, request.shop.appid
    openids = _followers(request)
    world.tags.take_off(appid, world.tags.get(appid, request.body.get("tagid")), openids)
    return ok()


def of_person(request: Request) -> Answer:
    """The ids of a person's tags."""
    return {"tagid_list": request.world.tags.worn(request.shop.appid, person_of(request))}


def tagged(request: Request) -> Answer:
    """Who has a tag; one page holds all of them here."""
    tag = request.world.tags.get(request.shop.appid, request.body.get("tagid"))
    start = tag.openids.index(request.body["next_openid"]) + 1 if request.body.get("next_openid") in tag.openids else 0
    page = tag.openids[start:]
    data = {"data": {"openid": page}} if page else {}
    return {"count": len(page), **data, "next_openid": page[-1] if page else ""}


def info(request: Request) -> Answer:
    """What is known of a person: no name and no picture since 2021, and here neither when nor how they followed."""
    appid, openid = request.shop.appid, request.query.get("openid", "")
    if not request.world.people.knows(appid, openid):
        raise ApiError(40003)
    if not request.world.people.follows(appid, openid):
        return {"subscribe": 0, "openid": openid}
    return {
        "subscribe": 1,
        "openid": openid,
        "language": "zh_CN",
        "remark": "",
        "groupid": 0,
        "tagid_list": request.world.tags.worn(appid, openid),
    }


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/tags/create", create),
    Endpoint("GET", "/cgi-bin/tags/get", get),
    Endpoint("POST", "/cgi-bin/tags/update", update),
    Endpoint("POST", "/cgi-bin/tags/delete", delete),
    Endpoint("POST", "/cgi-bin/tags/members/batchtagging", tag_members),
    Endpoint("POST", "/cgi-bin/tags/members/batchuntagging", untag_members),
    Endpoint("POST", "/cgi-bin/tags/getidlist", of_person),
    Endpoint("POST", "/cgi-bin/user/tag/get", tagged),
    Endpoint("GET", "/cgi-bin/user/info", info),
)
