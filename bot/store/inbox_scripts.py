"""The scripts of the inbox: what must happen to a push in one step, or not at all."""

from __future__ import annotations

from bot.store.connection import Script

CLAIM = Script(
    """
    local push, signature, rate, people, kept, open = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
    local digest, ticket, now, lease = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
    local keep, signature_keep, stale, counted, again = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
    local message, identity = ARGV[10], ARGV[11]
    local seen = redis.call('GET', signature)
    if seen and seen ~= digest then return {'forged', '', 0, 0, 0, 0} end
    local state = redis.call('HMGET', push, 'state', 'answer', 'until', 'ticket', 'count', 'copies', 'begun')
    local held = state[1] == 'running' and tonumber(state[3]) > now
    local ours = held and state[4] == ticket
    if stale == '1' and not ours and (held or state[1] == 'done') then return {'stale', '', 0, 0, 0, 0} end
    if not seen then redis.call('SET', signature, digest, 'PX', signature_keep) end
    local version = tonumber(redis.call('GET', people) or '0')
    if state[1] == 'done' then return {'done', state[2], version, 0, 0, 0} end
    local copies = tonumber(state[6] or '0')
    if not ours and again == '0' then copies = redis.call('HINCRBY', push, 'copies', 1) end
    if held and not ours then return {'running', '', version, 0, 0, copies} end
    local count = tonumber(state[5] or '0')
    if counted == '1' and not state[1] then
        count = redis.call('INCR', rate)
        if count == 1 then redis.call('PEXPIRE', rate, 120000) end
    end
    redis.call('HSET', push, 'state', 'running', 'ticket', ticket, 'until', now + lease, 'count', count)
    redis.call('HSETNX', push, 'since', now)
    redis.call('HSETNX', push, 'message', message)
    redis.call('ZADD', open, now + lease, identity)
    redis.call('PEXPIRE', push, keep)
    return {'new', state[7] or '', version, count, redis.call('LLEN', kept), copies}
    """
)

FINISH = Script(
    """
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return 0 end
    redis.call('HSET', KEYS[1], 'state', 'done', 'answer', ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    redis.call('HDEL', KEYS[1], 'message')
    redis.call('ZREM', KEYS[3], ARGV[4])
    redis.call('PUBLISH', KEYS[2], ARGV[4])
    return 1
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
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return 0 end
    redis.call('DEL', KEYS[1])
    redis.call('ZREM', KEYS[3], ARGV[2])
    redis.call('PUBLISH', KEYS[2], ARGV[2])
    return 1
    """
)

RENEW = Script(
    """
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return 0 end
    redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
    return redis.call('HSET', KEYS[1], 'until', ARGV[2])
    """
)

TAKE_OVER = Script(
    """
    local push, open, promises, people = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
    local identity, ticket, now, lease, patience = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
    local state = redis.call('HMGET', push, 'state', 'until', 'since', 'message', 'begun', 'count')
    if state[1] ~= 'running' or (state[4] or '') == '' then
        redis.call('ZREM', open, identity)
        return nil
    end
    if tonumber(state[2]) > now then return nil end
    if tonumber(state[3]) + patience > now and redis.call('HEXISTS', promises, identity) == 0 then return nil end
    redis.call('HSET', push, 'ticket', ticket, 'until', now + lease)
    redis.call('ZADD', open, now + lease, identity)
    local version = tonumber(redis.call('GET', people) or '0')
    return {state[4], state[5] or '', version, tonumber(state[6] or '0')}
    """
)
