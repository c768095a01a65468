#!lua flags=allow-oom
--- @include "parts/wire"

-- Brings changes to the index sets of a bucket, in any order and any number of times: of each member the last version wins.
--
-- KEYS[1]  versions: a hash of what was said last of each member that is in a set, `id:member` -> version
-- KEYS[2 ...]  the index sets that ARGV[1] names, in its order
--
-- ARGV[1]  ids of index sets, framed
-- ARGV[2]  changes, framed: version, sign, id, member, in turn
--
-- Returns ['done']. It runs when the memory is used up: what it adds is there as an entity already, and removals make room.

local sets = {}
for at, id in ipairs((items(ARGV[1]))) do
  sets[id] = KEYS[at + 1]
  -- So that a key that holds something else fails before anything is written.
  redis.call('ZCARD', KEYS[at + 1])
end
redis.call('HLEN', KEYS[1])

local changes, count = items(ARGV[2])
for at = 1, count, 4 do
  local version, sign, id, member = changes[at], changes[at + 1], changes[at + 2], changes[at + 3]
  local field = id .. ':' .. member
  local known = redis.call('HGET', KEYS[1], field)
  if not known or tonumber(known) <= tonumber(version) then
    if sign == '+' then
      redis.call('ZADD', sets[id], '0', member)
      redis.call('HSET', KEYS[1], field, version)
    else
      redis.call('ZREM', sets[id], member)
      redis.call('HDEL', KEYS[1], field)
    end
  end
end
return { 'done' }
