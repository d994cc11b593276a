"""Replies on the wire: clean text, cut where a reader would cut it, as passive-reply XML."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

LIMIT = 2_000
"""UTF-8 bytes of one text. WeChat gives no figure; 2,048 was measured, so we stay below."""

TITLE_LIMIT = 100
"""Characters of an article's title. WeChat gives no figure for this either; a card shows two lines of it."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_BORDERS = ("\n\n", "\n", "。", "！", "？", ". ", "；", "; ", "，", ", ", "、", " ", "\u3000")
_LONGEST_CLUSTER = 40
"""Characters looked back for the beginning of what is shown as one sign; a family of four has eleven."""


@dataclass(frozen=True, slots=True)
class Article:
    """A card in the chat: title, description, where a tap leads, and the address of its picture (PNG, 360 to 200).

    Both addresses may be keys, so they show in no repr.
    """

    title: str = field(repr=False)
    description: str = field(repr=False)
    url: str = field(repr=False)
    picture: str = field(repr=False)


def article(words: str, url: str, picture: str) -> Article:
    """``words`` as a card: the first line is its title, shortened if need be, the others are its description."""
    title, _, rest = clean(words).strip().partition("\n")
    if len(title) > TITLE_LIMIT:
        title = title[: TITLE_LIMIT - 1].rstrip() + "…"
    return Article(title, rest.strip(), url, picture)


def clean(text: str) -> str:
    """``text`` without what XML forbids; line ends as ``\\n``."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def split(text: str, limit: int = LIMIT) -> list[str]:
    """``text`` in parts of at most ``limit`` UTF-8 bytes, cut at a paragraph, line, sentence or word where possible.

    What is lost is white space at the borders. There is one part at least; only a text without words has an empty one.
    """
    parts = []
    rest = clean(text).strip()
    while len(rest.encode()) > limit:
        end = _cut(rest, limit)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def _cut(text: str, limit: int) -> int:
    window = text.encode()[:limit].decode(errors="ignore")
    for border in _BORDERS:
        end = window.rfind(border) + len(border)
        if end > len(window) // 2 and not _joined(text, end):
            return end
    longest = max(len(window), 1)
    for end in range(longest, max(longest - _LONGEST_CLUSTER, 0), -1):
        if not _joined(text, end):
            return end
    return longest


def _joined(text: str, at: int) -> bool:
    """Whether the characters on both sides of ``at`` are shown as one sign: accents, families, flags, skin tones."""
    before, after = text[at - 1 : at], text[at : at + 1]
    if not before or not after:
        return False
    if _ZERO_WIDTH_JOINER in (before, after) or _TONES_AND_TAGS.match(after):
        return True
    if unicodedata.category(after) in {"Mn", "Mc", "Me"}:
        return True
    flags = _FLAG_LETTERS_AT_END.search(text, max(at - _LONGEST_CLUSTER, 0), at)
    return bool(flags and len(flags[0]) % 2 and _FLAG_LETTERS_AT_END.match(after))


_ZERO_WIDTH_JOINER = "\u200d"
_TONES_AND_TAGS = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_FLAG_LETTERS_AT_END = re.compile("[\U0001f1e6-\U0001f1ff]+$")


def text_reply(push_from: str, push_to: str, content: str, at: int) -> str:
    """The XML of a passive text reply to ``push_from`` (openid), who wrote to ``push_to`` (original id)."""
    return _reply(push_from, push_to, at, "text", f"<Content>{cdata(clean(content))}</Content>")


def image_reply(push_from: str, push_to: str, media_id: str, at: int) -> str:
    """The XML of a passive picture, uploaded before."""
    inside = f"<Image><MediaId>{cdata(clean(media_id))}</MediaId></Image>"
    return _reply(push_from, push_to, at, "image", inside)


def news_reply(push_from: str, push_to: str, shown: Article, at: int) -> str:
    """The XML of a passive article. One is all that may answer a message."""
    item = (
        f"<Title>{cdata(clean(shown.title))}</Title><Description>{cdata(clean(shown.description))}</Description>"
        f"<PicUrl>{cdata(shown.picture)}</PicUrl><Url>{cdata(shown.url)}</Url>"
    )
    inside = f"<ArticleCount>1</ArticleCount><Articles><item>{item}</item></Articles>"
    return _reply(push_from, push_to, at, "news", inside)


def transfer_reply(push_from: str, push_to: str, at: int) -> str:
    """The XML that hands the message to the account's human agents."""
    return _reply(push_from, push_to, at, "transfer_customer_service", "")


def _reply(push_from: str, push_to: str, at: int, kind: str, inside: str) -> str:
    return (
        f"<xml><ToUserName>{cdata(push_from)}</ToUserName><FromUserName>{cdata(push_to)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType>{cdata(kind)}</MsgType>{inside}</xml>"
    )


def cdata(text: str) -> str:
    """``text`` as CDATA; ``]]>`` is divided between two sections so that nothing breaks out and nothing is lost."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
