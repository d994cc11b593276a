"""The control API: what the chat page (or any tool on this machine) shows and does. JSON both ways.

``GET /_control/state``
    ``{now, shops: [{appid, original_id, name, mode, callback_url, customer_service, persons, vouchers,
    reviews, decided}]}`` with ``persons: [{openid, name, role, follows, window: {left, until}}]`` (``until``
    is 0 when no window is open), ``vouchers: [{card_id, title, card_type, friends, status, source,
    under_review, card}]``, ``reviews: [{card_id, title, submitted_at, changed: {path: [old, new]}}]``,
    ``decided: [{card_id, title, approved, reason, decided_at, submitted_at, changed}]``; and of each shop
    ``wallets: {openid: [{card_id, code, title, status, owner, begin, end, usable, …}]}``,
    ``menus: {openid: [button]}``, ``tickets`` (QR codes), ``coins: {free, paid, total}``, ``orders``,
    ``submerchants``, ``stores``
``GET /_control/chat?appid=&openid=``
    ``{bubbles: [{side, kind, text, at, via, items: [{id, content}], media}]}``; the items of a template message are
    ``{label, value}``
``GET /_control/log``
    ``{calls: [{at, appid, method, path, query, body, errcode, seconds}], pushes: [{at, appid, openid, what,
    card_id, attempts: [{status, body (bytes), seconds, error, at}], outcome (replied | accepted | failed),
    failure}]}``, the last 200 of each, oldest first
``POST /_control/say`` ``{appid, openid, text}``
    The person texts. Answers as every push does, when it is over: ``{text, reply (MsgType or null), failure,
    attempts}``
``POST /_control/tap`` ``{appid, openid, id, content}``
    The person taps an entry of a message menu.
``POST /_control/event`` ``{appid, openid, event, elements: {...}}``
    A menu key (``CLICK`` with ``EventKey``), a claim (``user_get_card`` with ``CardId``), and so on.
``POST /_control/follow``, ``POST /_control/unfollow`` ``{appid, openid}``
    Follow or leave the account.
``POST /_control/review`` ``{appid, card_id, approve, reason}``
    Decide and push the result.
``POST /_control/claim`` ``{appid, openid, card_id, outer_str}`` or ``{appid, openid, content}``
    Claim a voucher, or scan a QR code (its ticket or address). ``{codes, refused}``: "" or the
    ``why`` of :class:`bot.simulator.NotClaimedError`, which is an answer like any other.
``POST /_control/give`` ``{appid, openid, code, to}``, ``POST /_control/discard`` ``{appid, openid, code}``
    Give a voucher to a friend, who takes it; delete one.
``POST /_control/scan`` ``{appid, openid, content}``, ``POST /_control/menu`` ``{appid, openid, name}``
    Scan with the scancode_waitmsg button of the person's menu; tap another button.
``GET /_control/picture?address=``, ``POST /_control/picture`` ``{appid, openid, data (base64)}``
    The picture behind a media id, an address of uploadimg or of an article in a chat; a person sends one.
``POST /_control/pay`` ``{appid, openid, order_id}``
    Pay a top-up by its number or the address in its QR code.
``POST /_control/decide`` ``{appid, kind: submerchant | store, id, approve, reason}``
    Decide and push the result.
``GET /_control/platform``
    ``{component: null | {appid, name, domain, events_url, messages_url, start_url, published, pushing, order, testers,
    addresses, sets: [{id, name}]}, ticket: {newest, due}, readings, accounts: [{appid, name, sets, auth_time}]}``;
    ``auth_time`` 0: has not authorised
``POST /_control/platform`` ``{published, order, testers, addresses, sets, readings: {...}}``
    Change any of these.
``POST /_control/ticket`` ``{act: push | repeat | stop | resume, back}``
    Push a verify ticket, or the one so many before the newest once more; stop tickets, or let them come again.
``GET /_control/authorise?`` (the query of an authorisation page)
    ``{component, accounts: [{appid, name, obstacle, granted}], sets: [{id, name}]}``
``POST /_control/authorise`` ``{appid, sets, page}``
    Confirm the page with this address (without one: as if in the console). ``{location, event: null or as
    every push}``; the browser goes to ``location`` itself.
``POST /_control/unauthorise`` ``{appid}``
    Take the grant back.
``POST /_control/publish`` ``{groups, mini_programs, events, noise, patience, publish}``
    Play the publication check. ``{passed, findings: [{group, case, appid, sent, expected, came, seconds, passed}]}``
``POST /_control/papers`` ``{kind: agent | merchant, appid, approve, reason}``
    Decide about the papers of the older strong authorisation.
``POST /_control/fault``
    ``{path, times, appid, errcode, errmsg, delay, http_status, html, drop, lose_answer}`` for calls, or
    ``{push: duplicate | reorder | delay | cut, times, seconds}`` for deliveries, or
    ``{expire_tokens: true, appid}`` (42001 for every token out there), or ``{appid, path, daily}`` (so many
    calls of the path a day, then 45009), or ``{template: user block | system failed | lost, times}`` for what
    becomes of template messages, or ``{clear: true}``
``GET /_control/stream``
    Server-sent events, each with JSON data: ``bubble`` {appid, openid, bubble}, ``push`` and ``call`` (as in
    the log), ``voucher`` {appid, card_id, status}, ``code``, ``ticket``, ``menu``, ``order``, ``poi``,
    ``submerchant``, ``authorisation`` and ``card_merchant`` {appid, …} for what changed of these, ``platform`` {},
    ``review`` {appid, card_id, state: submitted | decided, approved}, ``person`` {appid, openid, follows}. Open it
    first, then read the state: nothing is missed.

What cannot be done answers 400 (or 404 for an unknown shop, person, voucher) with ``{error}``. Only pages of
this very origin and programs on this machine may come in: Host must be a loopback name, Origin (if any) the
same host, POST bodies ``application/json`` — a foreign website can send none of the three.
"""

from bot.simulator.control.acting import (
    EventHandler,
    FaultHandler,
    FollowHandler,
    ReviewHandler,
    SayHandler,
    TapHandler,
)
from bot.simulator.control.dealing import (
    ClaimHandler,
    DecideHandler,
    GiveHandler,
    PayHandler,
    PictureHandler,
    ScanHandler,
)
from bot.simulator.control.handler import ControlHandler
from bot.simulator.control.joining import AuthoriseHandler, UnauthoriseHandler
from bot.simulator.control.looking import ChatHandler, LogHandler, StateHandler, StreamHandler
from bot.simulator.control.platform import PapersHandler, PlatformHandler, PublicationHandler, TicketHandler

ROUTES: tuple[tuple[str, type[ControlHandler]], ...] = (
    ("/_control/state", StateHandler),
    ("/_control/chat", ChatHandler),
    ("/_control/log", LogHandler),
    ("/_control/say", SayHandler),
    ("/_control/tap", TapHandler),
    ("/_control/event", EventHandler),
    ("/_control/(?:un)?follow", FollowHandler),
    ("/_control/review", ReviewHandler),
    ("/_control/claim", ClaimHandler),
    ("/_control/(?:give|discard)", GiveHandler),
    ("/_control/(?:scan|menu)", ScanHandler),
    ("/_control/picture", PictureHandler),
    ("/_control/pay", PayHandler),
    ("/_control/decide", DecideHandler),
    ("/_control/platform", PlatformHandler),
    ("/_control/ticket", TicketHandler),
    ("/_control/authorise", AuthoriseHandler),
    ("/_control/unauthorise", UnauthoriseHandler),
    ("/_control/publish", PublicationHandler),
    ("/_control/papers", PapersHandler),
    ("/_control/fault", FaultHandler),
    ("/_control/stream", StreamHandler),
)
