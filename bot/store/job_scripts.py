"""The scripts behind :mod:`bot.store.jobs`: every step of a job's life is one of them.

A record with an ``owner`` is held by somebody until ``held_until``. What lapsed is not taken away at first sight: after
an outage of Redis every lease has lapsed, and the owners need a moment to renew. So it is suspected first, and taken
only if nobody renewed while somebody was looking.
"""

from __future__ import annotations

from bot.store.connection import Script

PUT = Script("""
-- KEYS: job, open. ARGV: reference, when to look, then fields and values. 1 when the job is new.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
return 1
""")

BEGIN = Script("""
-- KEYS: job, open. ARGV: reference, holder, latest next_at, end of the lease. The job, or nothing when it is not ours
-- to run. The same holder may ask twice: the first answer may have been lost.
local state, owner, told, next_at = unpack(redis.call('HMGET', KEYS[1], 'state', 'owner', 'told', 'next_at'))
if owner ~= ARGV[2] then
    if not state or state == 'done' or told or owner or tonumber(next_at) > tonumber(ARGV[3]) then return {} end
    if state == 'dead' then
        redis.call('HINCRBY', KEYS[1], 'tellings', 1)
    else
        redis.call('HSET', KEYS[1], 'state', 'running')
        redis.call('HINCRBY', KEYS[1], 'attempts', 1)
    end
end
redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'held_until', ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
return redis.call('HGETALL', KEYS[1])
""")

RENEW = Script("""
-- KEYS: job, open. ARGV: reference, holder, end of the lease. 1 when it is still the holder's.
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'held_until', ARGV[3])
redis.call('HDEL', KEYS[1], 'suspected_at')
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
""")

SETTLE = Script("""
-- KEYS: job, open, done, dead. ARGV: reference, holder, ending, when to look again or when it ended, seconds to keep,
-- then fields and values. Endings: again, done, told, and dead, which stays held: somebody is still to be told.
-- 1 when the job was the holder's.
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 6))
if ARGV[3] == 'dead' then
    redis.call('ZADD', KEYS[4], ARGV[4], ARGV[1])
    return 1
end
redis.call('HDEL', KEYS[1], 'owner', 'held_until', 'suspected_at')
if ARGV[3] == 'again' then
    redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
    return 1
end
redis.call('ZREM', KEYS[2], ARGV[1])
if ARGV[3] == 'done' then
    redis.call('HDEL', KEYS[1], 'args', 'faults')
    redis.call('ZADD', KEYS[3], ARGV[4], ARGV[1])
    redis.call('EXPIRE', KEYS[1], ARGV[5])
end
return 1
""")

OVERDUE = Script("""
-- KEYS: open, dead. ARGV: now, prefix of job keys, seconds a lapsed lease is watched before it is taken, when to look
-- again, kills that are one too many, most to return. References of jobs somebody should begin, each followed by how
-- often it was begun.
local now, watched, kills_allowed = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[5])
local found = {}
for _, reference in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[6])) do
    local job = ARGV[2] .. reference
    local state, owner, held_until, suspected_at, attempts, tellings = unpack(redis.call(
        'HMGET', job, 'state', 'owner', 'held_until', 'suspected_at', 'attempts', 'tellings'))
    local look_at = ARGV[4]
    if not state then
        redis.call('ZREM', KEYS[1], reference)
        look_at = nil
    elseif owner and tonumber(held_until) > now then
        look_at = held_until
    elseif owner and not suspected_at then
        redis.call('HSET', job, 'suspected_at', ARGV[1])
        look_at = now + watched
    elseif owner and tonumber(suspected_at) + watched > now then
        look_at = tonumber(suspected_at) + watched
    else
        if owner then
            redis.call('HDEL', job, 'owner', 'held_until', 'suspected_at')
            if state == 'running' and redis.call('HINCRBY', job, 'kills', 1) >= kills_allowed then
                redis.call('HSET', job, 'state', 'dead', 'ended_at', ARGV[1], 'next_at', ARGV[1], 'error', '',
                    'reason', 'killed its worker')
                redis.call('ZADD', KEYS[2], now, reference)
            elseif state == 'running' then
                redis.call('HSET', job, 'state', 'queued', 'next_at', ARGV[1])
            end
        end
        found[#found + 1] = reference
        found[#found + 1] = tonumber(attempts or '0') + tonumber(tellings or '0')
    end
    if look_at then redis.call('ZADD', KEYS[1], look_at, reference) end
end
return found
""")

CLEAN = Script("""
-- KEYS: done. ARGV: prefix of job keys, done before, most to remove. How many were removed.
local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2], 'LIMIT', 0, ARGV[3])
for _, reference in ipairs(old) do
    redis.call('DEL', ARGV[1] .. reference)
    redis.call('ZREM', KEYS[1], reference)
end
return #old
""")

RETRY = Script("""
-- KEYS: job, open, dead. ARGV: reference, now. The state it was in; only waiting and dead ones begin anew.
local state, owner = unpack(redis.call('HMGET', KEYS[1], 'state', 'owner'))
if owner then return 'running' end
if state == 'waiting' or state == 'dead' then
    redis.call('HSET', KEYS[1], 'state', 'queued', 'next_at', ARGV[2], 'kills', 0, 'faults', '{}', 'error', '',
        'reason', '', 'ended_at', 0)
    redis.call('HDEL', KEYS[1], 'told')
    redis.call('ZREM', KEYS[3], ARGV[1])
    redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
end
return state or ''
""")

DROP = Script("""
-- KEYS: job, open, done, dead. ARGV: reference. The state it was in; a held one stays.
local state, owner = unpack(redis.call('HMGET', KEYS[1], 'state', 'owner'))
if owner then return 'running' end
redis.call('DEL', KEYS[1])
for index = 2, 4 do redis.call('ZREM', KEYS[index], ARGV[1]) end
return state or ''
""")
