"""Every Redis key, with its type, lifetime and owner.

Keys begin with the schema version. Keys of one account share the hash tag ``{appid}``, so that one script may touch
them together on a cluster. Values are JSON unless a docstring says otherwise.
"""

from __future__ import annotations

VERSION = "v1"


def push(appid: str, identity: str) -> str:
    """Hash (plain fields): one push: who, what, its state and times, its answer. Owner: bot.store.inbox.

    25 h, 7 d where stock or money moves.
    """
    return f"{VERSION}:{{{appid}}}:push:{identity}"


def signature(appid: str, signature: str) -> str:
    """String: digest of the one body that came under a signature. As long as it is valid. Owner: bot.store.inbox."""
    return f"{VERSION}:{{{appid}}}:sig:{signature}"


def token(appid: str) -> str:
    """Hash (plain fields): the access token, its end, the last failure. Token life + 1 h. Owner: bot.store.tokens."""
    return f"{VERSION}:{{{appid}}}:token"


def token_lease(appid: str) -> str:
    """String: who fetches a token now. Seconds. Owner: bot.store.tokens."""
    return f"{VERSION}:{{{appid}}}:token:lease"


def token_news(appid: str) -> str:
    """Channel: the end of a fetch, well or badly. Owner: bot.store.tokens."""
    return f"{VERSION}:{{{appid}}}:token:news"


def token_budget(appid: str, kind: str, day: str) -> str:
    """Counter: token fetches of ``kind`` (``normal`` or ``forced``) on ``day``. 25 h. Owner: bot.store.tokens."""
    return f"{VERSION}:{{{appid}}}:token:fetches:{kind}:{day}"


def api_usage(appid: str, day: str) -> str:
    """Hash (plain fields), ``calls path`` to number, ``ended path`` to errcode and second: one of WeChat's days.

    The second is when WeChat ended the path for the day (45009) or the minute (45011). 2 days. Owner: bot.store.usage.
    """
    return f"{VERSION}:{{{appid}}}:usage:{day}"


def vouchers(appid: str) -> str:
    """String: every voucher as card/get told it, with the generation it was read in. Owner: bot.vouchers.catalogue.

    Good for a minute, kept 30 days: the titles in it name a voucher when WeChat cannot be asked.
    """
    return f"{VERSION}:{{{appid}}}:vouchers"


def vouchers_generation(appid: str) -> str:
    """Counter: changes of vouchers; copies read before one are old. Stays. Owner: bot.vouchers.catalogue."""
    return f"{VERSION}:{{{appid}}}:vouchers:generation"


def last_list(appid: str, openid: str) -> str:
    """String: the card ids an operator saw numbered last, and until when. A day. Owner: bot.vouchers.service."""
    return f"{VERSION}:{{{appid}}}:list:{openid}"


def under_review(appid: str) -> str:
    """Hash: card id → since when, and what sent it there. Until the result. Owner: bot.vouchers.reviews."""
    return f"{VERSION}:{{{appid}}}:reviews:waiting"


def review_told(appid: str) -> str:
    """Hash: card id → when its last result was told. 30 days. Owner: bot.vouchers.reviews."""
    return f"{VERSION}:{{{appid}}}:reviews:told"


def review_results(appid: str) -> str:
    """Hash: card id and second → one result. 30 days each. Owner: bot.vouchers.reviews."""
    return f"{VERSION}:{{{appid}}}:reviews:results"


def people(appid: str) -> str:
    """Hash, openid to JSON: the operators. For ever. Owner: bot.merchants.people."""
    return f"{VERSION}:{{{appid}}}:people"


def people_version(appid: str) -> str:
    """Counter: moves with every change of the operators. For ever. Owner: bot.merchants.people."""
    return f"{VERSION}:{{{appid}}}:people:version"


def elsewhere(appid: str) -> str:
    """Hash, openid to JSON: the other shops that people who text this account serve. For ever.

    Changes move the version of the account's people. Owner: bot.merchants.elsewhere.
    """
    return f"{VERSION}:{{{appid}}}:people:elsewhere"


def invitation(appid: str, digest: str) -> str:
    """Hash (plain fields): what the code with this SHA-256 is good for. 7 d. Owner: bot.merchants.invitations."""
    return f"{VERSION}:{{{appid}}}:invitation:{digest}"


def invited(appid: str) -> str:
    """Hash, name to digest: each name's latest invitation. 7 d after the latest. Owner: bot.merchants.invitations."""
    return f"{VERSION}:{{{appid}}}:invited"


def wrong_codes(appid: str, openid: str) -> str:
    """List of seconds, latest first: when this person texted wrong codes. 1 h. Owner: bot.merchants.invitations."""
    return f"{VERSION}:{{{appid}}}:codes:wrong:{openid}"


def pending(appid: str, openid: str) -> str:
    """String: the preview that waits for this person's yes. Minutes, as offered. Owner: bot.merchants.pending."""
    return f"{VERSION}:{{{appid}}}:pending:{openid}"


def question(appid: str, openid: str) -> str:
    """String: the command that waits for this person to say which of several. Minutes. Owner: bot.merchants.pending."""
    return f"{VERSION}:{{{appid}}}:question:{openid}"


def confirmed(appid: str, identity: str) -> str:
    """String: the preview that one message has answered, "" for none. An hour. Owner: bot.merchants.pending."""
    return f"{VERSION}:{{{appid}}}:confirmed:{identity}"


def window(appid: str, openid: str) -> str:
    """Hash (plain fields): what this person did last and what was sent since. 48 h. Owner: bot.merchants.windows."""
    return f"{VERSION}:{{{appid}}}:window:{openid}"


def forbidden(appid: str) -> str:
    """String: until when this account may send no customer-service messages. Stays. Owner: bot.merchants.windows."""
    return f"{VERSION}:{{{appid}}}:window-forbidden"


def code_deed(appid: str, digest: str) -> str:
    """String: who redeemed or voided the code with this SHA-256, or is about to. 180 days.

    Owner: bot.vouchers.code_deeds.
    """
    return f"{VERSION}:{{{appid}}}:codes:deed:{digest}"


def code_rivals(appid: str, digest: str) -> str:
    """Hash, JSON by openid: who else is about to redeem or void that code. A minute. Owner: bot.vouchers.code_deeds."""
    return f"{VERSION}:{{{appid}}}:codes:rivals:{digest}"


def redeemed_by(appid: str, openid: str, day: str) -> str:
    """Set: SHA-256 of the codes this person redeemed on ``day``. 2 days. Owner: bot.vouchers.code_deeds."""
    return f"{VERSION}:{{{appid}}}:codes:redeemed:{openid}:{day}"


def stock_attempt(appid: str, reference: str) -> str:
    """String: what was about to be asked of WeChat for one previewed change of stock. 7 days.

    Owner: bot.vouchers.stock.
    """
    return f"{VERSION}:{{{appid}}}:stock:attempt:{reference}"


def stock_moved(appid: str, openid: str, day: str) -> str:
    """Hash (plain fields), reference to number: stock one person moved on one of WeChat's days. 2 days.

    Owner: bot.vouchers.stock_limits.
    """
    return f"{VERSION}:{{{appid}}}:stock:moved:{openid}:{day}"


def person_rate(appid: str, openid: str, minute: int) -> str:
    """Counter: messages of one person in one minute. 2 minutes. Owner: bot.store.inbox."""
    return f"{VERSION}:{{{appid}}}:rate:{openid}:{minute}"


def unread(appid: str) -> str:
    """List: the newest authentic pushes nobody understood, for inspection. 7 days. Owner: bot.store.inbox."""
    return f"{VERSION}:{{{appid}}}:unread"


def unread_count(appid: str) -> str:
    """Hash, first word of the reason to number: pushes nobody understood. For ever. Owner: bot.store.inbox."""
    return f"{VERSION}:{{{appid}}}:unread:count"


def open_pushes(appid: str) -> str:
    """Sorted set, identity by when to look after it: pushes begun and not delivered. Stays. Owner: bot.store.inbox."""
    return f"{VERSION}:{{{appid}}}:open"


def line(appid: str, openid: str) -> str:
    """Sorted set, identity by when it came: what one person sent and is not ended. 25 h. Owner: bot.store.inbox."""
    return f"{VERSION}:{{{appid}}}:line:{openid}"


def answers(appid: str) -> str:
    """Channel: identities of pushes whose answer has just been stored. Owner: bot.store.inbox."""
    return f"{VERSION}:{{{appid}}}:answers"


def kept(appid: str, openid: str) -> str:
    """List: notices and answers that wait for one person's next message. 30 days. Owner: bot.merchants.answers."""
    return f"{VERSION}:{{{appid}}}:kept:{openid}"


def notice_template(appid: str) -> str:
    """String: the account's template as WeChat described it. A day. Owner: bot.merchants.template_messages."""
    return f"{VERSION}:{{{appid}}}:template"


def template_refusals(appid: str, day: str) -> str:
    """Hash, template id or openid to errcode: whom no template message reaches on one of WeChat's days. 2 days.

    Owner: bot.merchants.template_messages.
    """
    return f"{VERSION}:{{{appid}}}:template:refused:{day}"


def template_sent(appid: str, msgid: str) -> str:
    """Hash (plain fields): who was sent a template message, which kept entries it carries, what became of it. 2 days.

    Owner: bot.merchants.template_messages.
    """
    return f"{VERSION}:{{{appid}}}:template:sent:{msgid}"


def told(appid: str, openid: str, fact: str) -> str:
    """Hash (plain fields): until when ``fact`` counts as told to this person, and whether it is being sent.

    A day longer than it counts, 7 days at least. Owner: bot.merchants.telling.
    """
    return f"{VERSION}:{{{appid}}}:told:{openid}:{fact}"


def digest_wishes(appid: str) -> str:
    """Hash, openid to JSON: who wants a daily summary when, and since when. Stays. Owner: bot.merchants.digests."""
    return f"{VERSION}:{{{appid}}}:digests"


def digests(appid: str, day: str) -> str:
    """Hash, openid to JSON: how far the summaries of one day are. 3 days. Owner: bot.merchants.digests."""
    return f"{VERSION}:{{{appid}}}:digests:{day}"


def operators_menu(appid: str) -> str:
    """String: the tag of the operators' menu, and which version of the operators has it. Stays while the menu does.

    Owner: bot.merchants.menu_members.
    """
    return f"{VERSION}:{{{appid}}}:menu"


def schedule(appid: str, name: str) -> str:
    """String (plain): when a schedule last ran. Until it is due again. Owner: bot.dispatch.schedule."""
    return f"{VERSION}:{{{appid}}}:schedule:{name}"


def job(reference: str) -> str:
    """Hash (plain fields, ``args`` and ``faults`` JSON): one job, ``reference`` being ``appid/job_id``. Done: 7 days.

    A dead one stays until it is dropped. All jobs share one hash tag: one script must find what is overdue, whoever's
    it is, and docket's own keys lie in one slot of a cluster anyway. Owner: bot.store.jobs.
    """
    return f"{VERSION}:{{jobs}}:job:{reference}"


def jobs_open() -> str:
    """Sorted set: jobs with something left to do, by when somebody should look. Stays. Owner: bot.store.jobs."""
    return f"{VERSION}:{{jobs}}:open"


def jobs_done() -> str:
    """Sorted set: jobs done, by when; those of the last 7 days. Stays. Owner: bot.store.jobs."""
    return f"{VERSION}:{{jobs}}:done"


def jobs_dead() -> str:
    """Sorted set: jobs given up, by when, until they are dropped. Stays. Owner: bot.store.jobs."""
    return f"{VERSION}:{{jobs}}:dead"


def docket() -> str:
    """Prefix of docket's own keys, which are pickled and none of ours to read. Owner: bot.jobs.queue."""
    return f"{VERSION}:docket"
