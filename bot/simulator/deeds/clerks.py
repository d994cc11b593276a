"""What happens at a till: scanning a code in the chat, redeeming without the API."""

from __future__ import annotations

from bot.simulator import articles, consuming
from bot.simulator.codes import Code
from bot.simulator.deeds.base import Deeds
from bot.simulator.media import MOST_SENT
from bot.simulator.menus import Buttons, leaves
from bot.simulator.model import Delivery
from bot.simulator.vouchers import base_info

BARCODES = {"CODE_TYPE_BARCODE", "CODE_TYPE_ONLY_BARCODE"}


class Clerks(Deeds):
    """Deeds of the people behind the till."""

    async def scan(self, appid: str, openid: str, content: str, *, key: str = "", kind: str = "") -> Delivery:
        """Scan ``content`` with the scancode_waitmsg button of the person's menu; what came of it.

        ``key``: the button's; "" takes the first there is. ``kind``: ``qrcode`` or ``barcode``; "" takes that of the
        voucher the code belongs to (else qrcode). A barcode arrives as ``CODE_128,content``, as the phone's scanner
        writes it. Raises :exc:`ValueError` when the person's menu has no such button.
        """
        self.world.people.get(appid, openid)
        buttons = [one for one in leaves(self.menu(appid, openid)) if one.get("type") == "scancode_waitmsg"]
        button = next((one for one in buttons if key in {"", one["key"]}), None)
        if button is None:
            raise ValueError(f"{openid} has no button to scan with {key}".rstrip())
        scan_type = kind or self._kind(appid, content)
        result = f"CODE_128,{content}" if scan_type == "barcode" else content
        info = {"ScanType": scan_type, "ScanResult": result}
        event = {"FromUserName": openid, "Event": "scancode_waitmsg", "EventKey": button["key"], "ScanCodeInfo": info}
        return await self.happen(appid, event)

    async def tap_menu(self, appid: str, openid: str, name: str) -> Delivery:
        """Tap a click or view button of the person's menu by its name. Raises :exc:`ValueError`."""
        button = next((one for one in leaves(self.menu(appid, openid)) if one["name"] == name), None)
        target = {"click": "key", "view": "url"}.get((button or {}).get("type", ""))
        if button is None or target is None:
            raise ValueError(f"{openid} has no button {name!r} to tap")
        event = {"FromUserName": openid, "Event": button["type"].upper(), "EventKey": button[target]}
        return await self.happen(appid, event)

    def menu(self, appid: str, openid: str) -> Buttons:
        """The menu the person sees, [] without one."""
        return self.world.menu_of(appid, openid)

    def set_console_menu(self, appid: str, button: Buttons) -> None:
        """The menu as made in the console: ``sub_button`` a list, types such as text and news allowed."""
        self.world.menus.put(appid, button, by="console")

    def _kind(self, appid: str, content: str) -> str:
        code = self.world.codes.find(appid, content)
        voucher = code and self.world.codes.voucher(code)
        return "barcode" if voucher and base_info(voucher.card).get("code_type") in BARCODES else "qrcode"

    async def picture(self, appid: str, openid: str, data: bytes) -> Delivery:
        """Send a picture (PNG, JPG or GIF bytes) in the chat; the push carries PicUrl and MediaId.

        Raises :exc:`bot.simulator.errors.ApiError` for bytes that are no picture or too many, :exc:`ValueError` for a
        person who does not follow.
        """
        person = self.world.people.get(appid, openid)
        if not self.world.people.follows(appid, openid):
            raise ValueError(f"{person.name} does not follow {appid}, and cannot write")
        media = self.world.media.add(appid, "image", data, MOST_SENT)
        message = {"FromUserName": openid, "MsgType": "image", "PicUrl": media.url, "MediaId": media.media_id}
        return await self.push(appid, message)

    def image(self, address: str) -> bytes:
        """The bytes behind an address of uploadimg, a PicUrl or a media id. Raises :exc:`LookupError`."""
        return self.world.media.picture(address)

    async def article_picture(self, address: str) -> bytes:
        """What is at the address of the picture of an article in some chat, fetched as a phone would.

        Raises :exc:`LookupError`.
        """
        if not self.world.people.shows_picture(address):
            raise LookupError(f"{address} is the picture of no article")
        return await articles.picture(address)

    def redeem_elsewhere(self, appid: str, number: str, *, source: str = "FROM_MP", staff: str = "") -> Code:
        """Redeem in the console (``FROM_MP``) or with the assistant (``FROM_MOBILE_HELPER``, ``staff`` an openid).

        Its user_consume_card is on its way afterwards (:meth:`Simulator.settled`). Raises
        :exc:`bot.simulator.errors.ApiError` like the call, :exc:`LookupError` for no code.
        """
        code = self.world.codes.find(appid, number)
        if code is None:
            raise LookupError(f"there is no code {number} at {appid}")
        consuming.consume(self.world, code, source=source, staff=staff)
        return code
