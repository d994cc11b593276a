"""cgi-bin/media/upload, media/get, media/uploadimg."""

from __future__ import annotations

from bot.simulator.api.request import Answer, Blob, Endpoint, Request, Upload
from bot.simulator.errors import ApiError
from bot.simulator.media import format_of


def _file(request: Request, *names: str) -> Upload:
    """The file of one of these form fields. Raises 41005 when there is none (a part without a filename is none)."""
    for name in names:
        if name in request.files and request.files[name].data:
            return request.files[name]
    raise ApiError(41005)


def upload(request: Request) -> Answer:
    """Keep a file for three days."""
    kind = request.query.get("type", "")
    media = request.world.media.add(request.shop.appid, kind, _file(request, "media").data)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: media.media_id, "created_at": int(media.created_at)}


def upload_image(request: Request) -> Answer:
    """Keep a picture for good: ``buffer`` in the card documents, ``media`` in those of articles."""
    return {"url": request.world.media.add_image(request.shop.appid, _file(request, "buffer", "media").data)}


def get(request: Request) -> Answer | Blob:
    """The file's bytes; of a video an address."""
    if not (media_id := request.query.get("media_id")):
        raise ApiError(41006)
    media = request.world.media.find(request.shop.appid, media_id)
    if media.kind == "video":
        return {"video_url": f"http://mmbiz.qpic.cn/video/{media_id}"}
    return Blob(media.data, media.content_type, f"{media_id}.{format_of(media.data)}")


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/media/upload", upload, form=True),
    Endpoint("POST", "/cgi-bin/media/uploadimg", upload_image, form=True),
    Endpoint("GET", "/cgi-bin/media/get", get),
)
