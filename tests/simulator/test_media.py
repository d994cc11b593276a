"""media/upload, media/get, media/uploadimg, and the pictures people and accounts send."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from bot.simulator import Simulator
from bot.simulator.errors import ApiError
from tests.simulator.conftest import NOODLES, WANG, Api, ShopServer, new_shop
from tests.simulator.test_wallets import pushed

PNG, JPG, GIF = b"\x89PNG\r\n\x1a\n" + bytes(90), b"\xff\xd8\xff\xe0" + bytes(90), b"GIF89a" + bytes(90)
MP3, MP4 = b"ID3" + bytes(90), b"\x00\x00\x00\x18ftypmp42" + bytes(90)
BOUNDARY = "simulator0boundary"


class Uploader:
    """Posts a form as browsers do."""

    def __init__(self, sim: Simulator, api: Api) -> None:
        self._sim, self._api = sim, api

    async def fetch(self, path: str, query: str = "", **form: Any) -> HTTPResponse:
        """GET, or POST with ``field``, ``data`` and ``filename`` ("" leaves it out)."""
        if not self._api.token:
            self._api.token = (await self._api.stable_token())["access_token"]
        client, url = AsyncHTTPClient(), f"{self._sim.url}{path}?access_token={self._api.token}{query}"
        if not form:
            return await client.fetch(url, raise_error=False)
        name = f'; filename="{form["filename"]}"' if form["filename"] else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{form["field"]}"{name}\r\n\r\n'
        body = head.encode() + form["data"] + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return await client.fetch(url, method="POST", headers=kind, body=body, raise_error=False)

    async def upload(self, data: bytes, kind: str = "image", field: str = "media", filename: str = "a") -> Any:
        """media/upload."""
        query = f"&type={kind}"
        answer = await self.fetch("/cgi-bin/media/upload", query, field=field, data=data, filename=filename)
        return json.loads(answer.body)

    async def uploadimg(self, data: bytes, field: str = "buffer", filename: str = "a.png") -> Any:
        """media/uploadimg."""
        answer = await self.fetch("/cgi-bin/media/uploadimg", field=field, data=data, filename=filename)
        return json.loads(answer.body)


@pytest.fixture
async def uploader(sim: Simulator, api: Api) -> Uploader:
    return Uploader(sim, api)


@pytest.mark.parametrize(
    ("data", "kind", "errcode"),
    [
        (PNG, "", 40004),
        (PNG, "picture", 40004),
        (b"BM" + bytes(90), "image", 40005),
        (PNG, "thumb", 40005),
        (PNG, "voice", 40005),
        (MP3, "video", 40005),
        (PNG + bytes(2 << 20), "image", 40009),
        (MP3 + bytes(2 << 20), "voice", 40010),
        (MP4 + bytes(10 << 20), "video", 40011),
        (JPG + bytes(64 << 10), "thumb", 40012),
        (b"", "image", 41005),
    ],
)
async def test_refuses_what_may_not_be_uploaded(uploader: Uploader, data: bytes, kind: str, errcode: int) -> None:
    assert (await uploader.upload(data, kind))["errcode"] == errcode


async def test_a_part_without_a_filename_or_of_another_name_is_no_file(uploader: Uploader) -> None:
    assert (await uploader.upload(PNG, filename=""))["errcode"] == 41005
    assert (await uploader.upload(PNG, field="file"))["errcode"] == 41005
    assert (await uploader.uploadimg(PNG, filename=""))["errcode"] == 41005
    assert json.loads((await uploader.fetch("/cgi-bin/media/upload")).body)["errcode"] == 43002


@pytest.mark.parametrize("data", [PNG, JPG, GIF])
async def test_what_was_uploaded_is_fetched_for_three_days(sim: Simulator, uploader: Uploader, data: bytes) -> None:
    made = await uploader.upload(data)
    assert set(made) == {"type", "media_id", "created_at"}
    got = await uploader.fetch("/cgi-bin/media/get", f"&media_id={made['media_id']}")
    assert (got.body, got.headers["Content-Type"].split("/")[0]) == (data, "image")

    key = (NOODLES, made["media_id"])
    old = sim.world.media._media[key]
    object.__setattr__(old, "created_at", time.time() - 3 * 86400 - 1)
    gone = await uploader.fetch("/cgi-bin/media/get", f"&media_id={made['media_id']}")
    assert json.loads(gone.body)["errcode"] == 40007


async def test_thumbs_and_videos_answer_in_their_own_way(uploader: Uploader) -> None:
    assert set(await uploader.upload(JPG, "thumb")) == {"type", "thumb_media_id", "created_at"}
    made = await uploader.upload(MP4, "video")
    got = await uploader.fetch("/cgi-bin/media/get", f"&media_id={made['media_id']}")
    assert set(json.loads(got.body)) == {"video_url"}
    for query, errcode in (("", 41006), ("&media_id=m", 40007)):
        assert json.loads((await uploader.fetch("/cgi-bin/media/get", query)).body)["errcode"] == errcode


@pytest.mark.parametrize(("data", "errcode"), [(GIF, 40137), (b"x", 40137), (PNG + bytes(1 << 20), 40009)])
async def test_refuses_what_is_no_logo(uploader: Uploader, data: bytes, errcode: int) -> None:
    assert (await uploader.uploadimg(data))["errcode"] == errcode


@pytest.mark.parametrize("field", ["buffer", "media"])
async def test_a_logo_has_an_address_for_good(sim: Simulator, uploader: Uploader, field: str) -> None:
    made = await uploader.uploadimg(PNG, field)
    assert set(made) == {"url"}
    assert re.fullmatch(r"http://mmbiz\.qpic\.cn/mmbiz_png/[\w-]+/0", made["url"])
    assert sim.image(made["url"]) == PNG


async def test_the_log_shows_the_file_and_not_its_bytes(sim: Simulator, uploader: Uploader) -> None:
    await uploader.uploadimg(PNG)
    assert sim.calls("/uploadimg")[0].body == {"buffer": {"filename": "a.png", "bytes": len(PNG)}}


async def test_a_person_sends_a_picture(sim: Simulator, server: ShopServer, uploader: Uploader) -> None:
    with pytest.raises(ApiError):
        await sim.picture(NOODLES, WANG, b"no picture")
    await sim.picture(NOODLES, WANG, JPG)

    told = pushed(server)
    assert set(told) == {"FromUserName", "PicUrl", "MediaId", "MsgId"}
    got = await uploader.fetch("/cgi-bin/media/get", f"&media_id={told['MediaId']}")
    assert (got.body, got.headers["Content-Type"]) == (JPG, "image/jpeg")
    assert sim.image(str(told["PicUrl"])) == JPG
    bubble = sim.chat(NOODLES, WANG)[-1]
    assert (bubble.kind, bubble.side, bubble.media) == ("image", "person", told["MediaId"])

    await sim.unfollow(NOODLES, WANG)
    with pytest.raises(ValueError, match="does not follow"):
        await sim.picture(NOODLES, WANG, JPG)


async def test_the_account_answers_with_a_picture_of_its_own(
    sim: Simulator, server: ShopServer, api: Api, uploader: Uploader
) -> None:
    media = (await uploader.upload(PNG))["media_id"]
    server.will_reply(
        f"<xml><ToUserName>{WANG}</ToUserName><FromUserName>gh_0000000000a1</FromUserName><CreateTime>1</CreateTime>"
        f"<MsgType>image</MsgType><Image><MediaId>{media}</MediaId></Image></xml>"
    )
    delivery = await sim.text(NOODLES, WANG, "二维码")
    assert (delivery.text, delivery.failure) == ("[image]", "")
    assert sim.chat(NOODLES, WANG)[-1].media == media

    message = {"touser": WANG, "msgtype": "image", "image": {"media_id": media}}
    assert (await api.post("/cgi-bin/message/custom/send", message))["errcode"] == 0
    assert (sim.chat(NOODLES, WANG)[-1].media, sim.chat(NOODLES, WANG)[-1].via) == (media, "custom")
    voice = (await uploader.upload(b"#!AMR" + bytes(20), "voice"))["media_id"]
    for other in ("m", voice):
        message["image"] = {"media_id": other}
        assert (await api.post("/cgi-bin/message/custom/send", message))["errcode"] == 40007
    server.will_reply(
        f"<xml><ToUserName>{WANG}</ToUserName><FromUserName>gh_0000000000a1</FromUserName><CreateTime>1</CreateTime>"
        f"<MsgType>image</MsgType><Image><MediaId>{voice}</MediaId></Image></xml>"
    )
    assert (await sim.text(NOODLES, WANG, "二维码")).failure == "malformed answer: MediaId: invalid media_id"
    message["image"] = {"media_id": "m"}
    assert (await api.post("/cgi-bin/message/custom/send", message))["errcode"] == 40007


async def test_pictures_outlive_the_simulator(tmp_path: Path) -> None:
    first = Simulator(tmp_path)
    first.add_shop(new_shop())
    media, url = first.world.media.add(NOODLES, "image", GIF), first.world.media.add_image(NOODLES, PNG)
    await first.stop()

    second = Simulator(tmp_path)
    assert second.world.media.find(NOODLES, media.media_id) == media
    assert (second.image(url), second.image(media.media_id)) == (PNG, GIF)
    await second.stop()
