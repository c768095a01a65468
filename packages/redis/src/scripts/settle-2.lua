#!lua flags=allow-oom
--- @include "parts/members"

-- Makes one member of an index set what its entity says of it: both lie in one bucket.
--
-- KEYS[1]  the entity's hash   KEYS[2]  the index set
--
-- ARGV[1]  the set's id        ARGV[2]  the member
--
-- Returns ['done', sign]: '+' where it belongs into the set, '-' where not.

local index = readHash(KEYS[1], { '$index' }, 1, 1)[1]
local members = index and readMembers(index) or {}
local belongs = members[ARGV[1]] == ARGV[2]
if belongs then
  redis.call('ZADD', KEYS[2], '0', ARGV[2])
else
  redis.call('ZREM', KEYS[2], ARGV[2])
end
return { 'done', belongs and '+' or '-' }
