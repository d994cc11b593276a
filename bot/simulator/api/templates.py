"""cgi-bin/template/get_all_private_template and cgi-bin/message/template/send.

Source: template message pages (messaging.md A5.2). What a repeated client_msg_id is answered is printed nowhere; here
it is the first answer once more.
"""

from __future__ import annotations

import time
from typing import Any

from bot.simulator.api.request import Answer, Endpoint, Request
from bot.simulator.errors import ApiError, ok
from bot.simulator.model import Bubble
from bot.simulator.template_book import SUCCESS, Template


def templates(request: Request) -> Answer:
    """All templates of the account; no errcode where it went well."""
    _may(request)
    listed = [
        {
            "template_id": each.template_id,
            "title": each.title,
            "primary_industry": "",
            "deputy_industry": "",
            "content": each.content,
            "example": each.example,
        }
        for each in request.world.templates.of(request.shop.appid)
    ]
    return {"template_list": listed}


def send(request: Request) -> Answer:
    """Show the message in the person's chat, and push how it ended."""
    _may(request)
    world, appid, openid = request.world, request.shop.appid, request.body.get("touser")
    if not isinstance(openid, str) or not world.people.knows(appid, openid):
        raise ApiError(40003)
    template = world.templates.find(appid, request.body.get("template_id"))
    client_msg_id = request.body.get("client_msg_id", "")
    if not isinstance(client_msg_id, str):
        raise ApiError(47001)
    if not world.people.follows(appid, openid):
        raise ApiError(43004)
    values = template.read(request.body.get("data"))
    msgid = world.templates.sent_before(appid, openid, client_msg_id)
    if msgid is None:
        msgid = world.new_msg_id()
        world.templates.note_sent(appid, openid, client_msg_id, msgid)
        _deliver(request, openid, template, values, msgid)
    return ok(msgid=msgid)


def _may(request: Request) -> None:
    if not request.shop.template_messages:
        raise ApiError(48001)


def _deliver(request: Request, openid: str, template: Template, values: dict[str, str], msgid: int) -> None:
    world, appid = request.world, request.shop.appid
    end = world.templates.next_end()
    if end in {SUCCESS, None}:
        rows = template.rows(values)
        text = "\n".join([template.title, *(f"{row['label']}：{row['value']}" for row in rows)])
        world.people.show(appid, openid, Bubble("account", "template", text, time.time(), "template", rows))
    if end is not None:
        event: dict[str, Any] = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": msgid, "Status": end}
        world.report(request.shop, {"FromUserName": openid, **event})


ENDPOINTS = (
    Endpoint("GET", "/cgi-bin/template/get_all_private_template", templates),
    Endpoint("POST", "/cgi-bin/message/template/send", send),
)
