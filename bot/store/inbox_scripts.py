"""The scripts of the inbox: what must happen to a push in one step, or not at all.

A push is ``received`` (claimed, while earlier ones of the same person are in hand), ``running``, ``done`` (its answer
is stored) and ``delivered``. Who works on it holds it until ``until``, by the callers' clock. The sorted set ``open``
says when somebody should look after a push; ``line`` holds the pushes of one person in the order they are done in.
"""

from __future__ import annotations

from bot.store.connection import Script

_LINE = """
    -- Put a push at the end of its sender's line, also where the clock stands still or another machine's is behind.
    local function queue(line, identity, now)
        local last = redis.call('ZRANGE', line, -1, -1, 'WITHSCORES')[2]
        redis.call('ZADD', line, math.max(now, (tonumber(last) or 0) + 0.001), identity)
        redis.call('EXPIRE', line, 90000)
    end
    -- The pushes of this person before this one that somebody works on; who died is not waited for.
    local function ahead(line, open, identity, now)
        local found = {}
        for _, other in ipairs(redis.call('ZRANGE', line, 0, -1)) do
            if other == identity then return found end
            local held = redis.call('ZSCORE', open, other)
            if held and tonumber(held) > now then
                found[#found + 1] = other
            else
                redis.call('ZREM', line, other)
            end
        end
        return found
    end
"""

CLAIM = Script(
    _LINE
    + """
    local push, signature, rate, people, kept, open, line = unpack(KEYS)
    local digest, ticket, now, lease = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
    local keep, signature_keep, stale, counted, again = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
    local message, identity, openid, what, queued = ARGV[10], ARGV[11], ARGV[12], ARGV[13], ARGV[14]
    local seen = redis.call('GET', signature)
    if seen and seen ~= digest then return {'forged', '', 0, 0, 0, 0, 0, ''} end
    local state = redis.call('HMGET', push,
        'state', 'answer', 'until', 'ticket', 'count', 'copies', 'begun', 'promised_at', 'revoked')
    if state[9] == ticket then return {'stale', '', 0, 0, 0, 0, 0, ''} end
    local ended = state[1] == 'done' or state[1] == 'delivered'
    local held = state[1] and not ended and tonumber(state[3]) > now
    local ours = held and state[4] == ticket
    local promised = state[8] or ''
    if stale == '1' and not ours and (held or ended) then return {'stale', '', 0, 0, 0, 0, 0, ''} end
    if not seen then redis.call('SET', signature, digest, 'PX', signature_keep) end
    local version = tonumber(redis.call('GET', people) or '0')
    if ended then return {'done', state[2], version, 0, 0, 0, 0, promised} end
    local copies = tonumber(state[6] or '0')
    if not ours and again == '0' then copies = redis.call('HINCRBY', push, 'copies', 1) end
    if held and not ours then return {'running', '', version, 0, 0, copies, 0, promised} end
    local count = tonumber(state[5] or '0')
    if counted == '1' and not state[1] then
        count = redis.call('INCR', rate)
        if count == 1 then redis.call('PEXPIRE', rate, 120000) end
    end
    local behind = 0
    if queued == '1' then
        if not ours then queue(line, identity, now) end
        behind = #ahead(line, open, identity, now)
    end
    redis.call('HSET', push, 'state', behind > 0 and 'received' or 'running', 'ticket', ticket,
        'until', now + lease, 'count', count, 'who', openid, 'what', what)
    redis.call('HSETNX', push, 'received_at', now)
    redis.call('HSETNX', push, 'message', message)
    redis.call('ZADD', open, now + lease, identity)
    redis.call('PEXPIRE', push, keep)
    return {'new', state[7] or '', version, count, redis.call('LLEN', kept), copies, behind, promised}
    """
)

TURN = Script(
    _LINE
    + """
    -- push, open, line | ticket, now, until, identity. Who is still before this one, or nothing: the claim was lost.
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return nil end
    if not redis.call('ZSCORE', KEYS[3], ARGV[4]) then queue(KEYS[3], ARGV[4], tonumber(ARGV[2])) end
    local before = ahead(KEYS[3], KEYS[2], ARGV[4], tonumber(ARGV[2]))
    if #before == 0 then redis.call('HSET', KEYS[1], 'state', 'running') end
    redis.call('HSET', KEYS[1], 'until', ARGV[3])
    redis.call('ZADD', KEYS[2], ARGV[3], ARGV[4])
    return before
    """
)

FINISH = Script(
    """
    -- push, channel, open, line | ticket, answer, milliseconds to keep, identity, now, whether somebody is owed it,
    -- when to look whether it was given, when if it was promised. 'lost' if others hold the claim, 'promised' if they
    -- owe the answer as well.
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then
        return redis.call('HEXISTS', KEYS[1], 'promised_at') == 1 and 'promised' or 'lost'
    end
    local owed = ARGV[6] == '1'
    redis.call('HSET', KEYS[1], 'state', owed and 'done' or 'delivered', 'answer', ARGV[2], 'done_at', ARGV[5])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    redis.call('HDEL', KEYS[1], 'message')
    redis.call('ZREM', KEYS[4], ARGV[4])
    if owed then
        redis.call('ZADD', KEYS[3], redis.call('HEXISTS', KEYS[1], 'promised_at') == 1 and ARGV[8] or ARGV[7], ARGV[4])
    else
        redis.call('ZREM', KEYS[3], ARGV[4])
    end
    redis.call('PUBLISH', KEYS[2], ARGV[4])
    return 'stored'
    """
)

DELIVERED = Script(
    """
    -- push, open | identity, now
    if redis.call('HGET', KEYS[1], 'state') == 'done' then
        redis.call('HSET', KEYS[1], 'state', 'delivered', 'delivered_at', ARGV[2])
    end
    return redis.call('ZREM', KEYS[2], ARGV[1])
    """
)

BEGIN = Script(
    """
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return 0 end
    redis.call('HSET', KEYS[1], 'begun', ARGV[2], 'until', ARGV[3])
    redis.call('ZADD', KEYS[2], ARGV[3], ARGV[4])
    return 1
    """
)

RELEASE = Script(
    """
    -- push, channel, open, line | ticket, identity. What was promised is left for whoever looks next.
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return 0 end
    redis.call('ZREM', KEYS[4], ARGV[2])
    if redis.call('HEXISTS', KEYS[1], 'promised_at') == 1 then
        redis.call('HSET', KEYS[1], 'ticket', '', 'until', 0)
        redis.call('ZADD', KEYS[3], 0, ARGV[2])
    else
        redis.call('DEL', KEYS[1])
        redis.call('ZREM', KEYS[3], ARGV[2])
    end
    redis.call('PUBLISH', KEYS[2], ARGV[2])
    return 1
    """
)

REVOKE = Script(
    """
    -- push, channel, open, line | ticket, identity, milliseconds to remember. A claim nobody heard of, come or to come;
    -- whether it had come.
    local came = 0
    if redis.call('HGET', KEYS[1], 'ticket') == ARGV[1] and not redis.call('HGET', KEYS[1], 'answer') then
        redis.call('DEL', KEYS[1])
        redis.call('ZREM', KEYS[3], ARGV[2])
        redis.call('ZREM', KEYS[4], ARGV[2])
        redis.call('PUBLISH', KEYS[2], ARGV[2])
        came = 1
    end
    redis.call('HSET', KEYS[1], 'revoked', ARGV[1])
    if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
    return came
    """
)

RENEW = Script(
    """
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return 0 end
    redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
    return redis.call('HSET', KEYS[1], 'until', ARGV[2])
    """
)

PROMISE = Script(
    """
    -- push | now. Whether there is something to be promised: of a claim that was revoked only that is left.
    if redis.call('HEXISTS', KEYS[1], 'state') == 0 then return 0 end
    redis.call('HSETNX', KEYS[1], 'promised_at', ARGV[1])
    return 1
    """
)

DUE = Script(
    """
    -- push, open | identity, now, seconds until no more copies come. Whether it is time to look after it; if not, when
    -- it will be is noted.
    local push, open, identity, now, patience = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
    local state = redis.call('HMGET', push, 'state', 'until', 'received_at', 'promised_at')
    if not state[1] or state[1] == 'delivered' then
        redis.call('ZREM', open, identity)
        return 0
    end
    local at = state[1] == 'done' and 0 or tonumber(state[2])
    if not state[4] then at = math.max(at, tonumber(state[3]) + patience) end
    if at <= now then return 1 end
    redis.call('ZADD', open, at, identity)
    return 0
    """
)

TAKE_OVER = Script(
    """
    -- push, open, people, line | identity, ticket, now, lease, seconds until no more copies come.
    local push, open, people, line = unpack(KEYS)
    local identity, ticket, now, lease, patience = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
    local state = redis.call('HMGET', push, 'state', 'until', 'received_at', 'message', 'begun', 'count', 'answer',
        'promised_at', 'who', 'ticket')
    if not state[1] or state[1] == 'delivered' then
        redis.call('ZREM', open, identity)
        return {'gone'}
    end
    local ours = state[10] == ticket
    if state[1] ~= 'done' and not ours and tonumber(state[2]) > now then return {'wait', state[2]} end
    local promised = state[8]
    if not promised and not ours then
        local until_no_more = tonumber(state[3]) + patience
        if until_no_more > now then return {'wait', tostring(until_no_more)} end
    end
    if state[1] == 'done' then return {'done', state[7], state[9], promised or ''} end
    redis.call('HSET', push, 'state', 'received', 'ticket', ticket, 'until', now + lease)
    redis.call('HSETNX', push, 'promised_at', now)
    redis.call('ZADD', open, now + lease, identity)
    redis.call('ZREM', line, identity) -- others have passed it: it queues anew
    local version = tonumber(redis.call('GET', people) or '0')
    return {'taken', state[4] or '', state[5] or '', version, tonumber(state[6] or '0'), state[9]}
    """
)
