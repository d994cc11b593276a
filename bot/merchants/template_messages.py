"""Template messages: the way to somebody whose window is closed, if the account has a template for it.

What is sent says only that WeChat took it. Whether it arrived is told by TEMPLATESENDJOBFINISH, which may come before
the answer to the call, and to another process: whichever of the two is written down second settles it. A message that
arrived takes the kept entries it carried with it; whatever else becomes of it, they stay for the person's next message.

A refusal that another message today would not change is remembered until WeChat's day ends, of the account or of the
person; a day of messages that is used up is the ledger's matter, and one value refused says nothing of the next
message. Sources: template message page; "sending results".
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict

from bot import clock
from bot.errors import StoreUnavailable, WeChatError, WeChatRefused
from bot.merchants.answers import Answers
from bot.render import Renderer
from bot.store import Store, keys
from bot.wechat import template_message
from bot.wechat.account import Account
from bot.wechat.client import AccountAPI
from bot.wechat.template_message import Key, Particulars

log = logging.getLogger(__name__)

LIST = "cgi-bin/template/get_all_private_template"
SEND = "cgi-bin/message/template/send"
NO_SUCH_TEMPLATE, VALUE_REFUSED = 40037, 47003
OF_THE_ACCOUNT = frozenset({NO_SUCH_TEMPLATE, 48001, 48004, 61007})
"""No such template; the right is lacking, blocked, or not given to the third-party platform."""
OF_THE_PERSON = frozenset({40003, 43004, 43019, 48002})
"""Unknown, does not follow, on the account's blacklist, refuses messages."""
BLOCKED = "user block"
_READ_EVERY = 86_400
_KEPT = 2 * 86_400
"""Seconds: WeChat repeats an event for a day."""


class TemplateMessages:
    """Sends notices of one account by its template (setting ``notice_template_id``)."""

    def __init__(self, store: Store, account: Account, api: AccountAPI, answers: Answers, renderer: Renderer) -> None:
        self._store = store
        self._account = account
        self._api = api
        self._answers = answers
        self._renderer = renderer

    async def notice(self, openid: str, words: str, *entries: str) -> bool:
        """Whether ``words`` went out to ``openid``, and will take ``entries`` along if they arrive.

        ``entries`` are those :meth:`bot.merchants.answers.Answers.keep` returned for the same words: keep first, so
        that nothing is lost between the two. Raises :exc:`bot.errors.StoreUnavailable` before anything was sent only.
        """
        return await self._send(openid, words, _once("notice", openid, words, *entries), 1, entries)

    async def knock(self, openid: str, waiting: int, language: str) -> bool:
        """Whether ``openid`` was told that so many answers wait for their next message; twice in ten minutes is once.

        Raises :exc:`bot.errors.StoreUnavailable` before anything was sent only.
        """
        words = self._words("knock", language, waiting=waiting)
        return await self._send(openid, words, _once("knock", openid, str(waiting)), waiting, ())

    async def finished(self, msgid: str, status: str) -> None:
        """TEMPLATESENDJOBFINISH: message ``msgid`` ended with ``status`` (``success``, ``failed:user block`` …)."""
        outcome = status.rpartition(":")[2].strip().lower()
        key = keys.template_sent(self._account.appid, msgid)
        _, _, sent = await self._store.pipeline(
            ("HSET", key, "outcome", outcome), ("EXPIRE", key, _KEPT), ("HGET", key, "sent")
        )
        if outcome != "success":
            log.warning("template message failed", extra={"account": self._account.appid, "why": outcome[:40]})
        if sent is not None:
            await self._settle(sent, outcome)

    async def _send(self, openid: str, words: str, once: str, count: int, entries: tuple[str, ...]) -> bool:
        template_id = self._account.notice_template_id
        if not template_id or await self._refused(template_id, openid):
            return False
        try:
            msgid = await self._send_by_template(openid, words, once, count)
        except WeChatRefused as error:
            await self._remember(openid, error)
            return False
        except WeChatError as error:
            log.warning("template message not sent", extra={"account": self._account.appid, "why": str(error)})
            return False
        if msgid is None:
            return False
        if msgid:
            await self.note_sent(msgid, openid, entries)
        return True

    async def _send_by_template(self, openid: str, words: str, once: str, count: int) -> str | None:
        """The msgid; None where the template has no room for words. One that no longer fits is read anew, once."""
        template = await self._template()
        try:
            return await self._send_once(openid, words, once, count, template)
        except WeChatRefused as error:
            if error.errcode not in (NO_SUCH_TEMPLATE, VALUE_REFUSED):
                raise
            fresh = await self._read()
            if fresh == template:
                raise
        return await self._send_once(openid, words, once, count, fresh)

    async def _send_once(self, openid: str, words: str, once: str, count: int, template: tuple[Key, ...]) -> str | None:
        if not template_message.carries_words(template):
            log.warning("the template takes no words", extra={"account": self._account.appid})
            return None
        at = clock.local(clock.now(), self._account.zone)
        phrase = self._words("phrase", self._account.language)
        values = template_message.fill(template, words, Particulars(at, count, phrase))
        body = {
            "touser": openid,
            "template_id": self._account.notice_template_id,
            "client_msg_id": once,
            "data": {name: {"value": value} for name, value in values.items()},
        }
        # The same client_msg_id is sent once, so a second try does no harm, and only an answer tells the msgid.
        answer = await self._api.call(SEND, body, repeatable=True)
        return str(answer.get("msgid", ""))

    async def _template(self) -> tuple[Key, ...]:
        """The template's keys, as read within the last day."""
        known = await self._store.read(keys.notice_template(self._account.appid))
        if known is not None and known["template_id"] == self._account.notice_template_id:
            return tuple(Key(**each) for each in known["keys"])
        return await self._read()

    async def _read(self) -> tuple[Key, ...]:
        """The template's keys, as WeChat tells them now; raises 40037 where the account has no such template."""
        template_id = self._account.notice_template_id
        answer = await self._api.call(LIST, method="GET")
        listed = [each for each in answer.get("template_list") or () if isinstance(each, dict)]
        own = next((each for each in listed if each.get("template_id") == template_id), None)
        if own is None:
            raise WeChatRefused(LIST, NO_SUCH_TEMPLATE, "not among the account's templates")
        found = template_message.keys_of(str(own.get("content", "")), str(own.get("example", "")))
        known = {"template_id": template_id, "keys": [asdict(key) for key in found]}
        await self._store.write(keys.notice_template(self._account.appid), known, seconds=_READ_EVERY)
        return found

    async def _refused(self, template_id: str, openid: str) -> bool:
        """Whether WeChat refused the template or the person earlier today."""
        return any(await self._store.do("HMGET", self._refusals(), template_id, openid))

    async def _remember(self, openid: str, error: WeChatRefused) -> None:
        log.warning("template message refused", extra={"account": self._account.appid, "errcode": error.errcode})
        if error.errcode in OF_THE_PERSON:
            await self._refuse(openid, str(error.errcode))
        elif error.errcode in OF_THE_ACCOUNT:
            await self._refuse(self._account.notice_template_id, str(error.errcode))

    async def _refuse(self, field: str, why: str) -> None:
        key = self._refusals()
        try:
            await self._store.pipeline(("HSET", key, field, why), ("EXPIRE", key, _KEPT))
        except StoreUnavailable:
            log.warning("refusal not remembered", extra={"account": self._account.appid})

    async def note_sent(self, msgid: str, openid: str, entries: tuple[str, ...]) -> None:
        """Remember what ``msgid`` carries; where it is known already what became of it, settle that."""
        key = keys.template_sent(self._account.appid, msgid)
        sent = json.dumps({"openid": openid, "entries": entries})
        try:
            _, _, outcome = await self._store.pipeline(
                ("HSET", key, "sent", sent), ("EXPIRE", key, _KEPT), ("HGET", key, "outcome")
            )
            if outcome is not None:
                await self._settle(sent, outcome)
        except StoreUnavailable:  # it is out; what is kept is read twice then
            log.warning("template message not noted", extra={"account": self._account.appid})

    async def _settle(self, sent: str, outcome: str) -> None:
        told = json.loads(sent)
        if outcome == "success":
            await self._answers.read(told["openid"], told["entries"])
        elif outcome == BLOCKED:
            await self._refuse(told["openid"], outcome)

    def _refusals(self) -> str:
        return keys.template_refusals(self._account.appid, clock.wechat_today().isoformat())

    def _words(self, macro: str, language: str, **values: int) -> str:
        return self._renderer.render(f"on_template_sent.{macro}", values, language, self._account.zone)


def _once(*parts: str) -> str:
    """A client_msg_id that is the same for the same message."""
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()
