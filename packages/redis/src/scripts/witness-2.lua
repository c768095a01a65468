#!lua flags=allow-oom
--- @include "parts/members"

-- What an entity says of its index members, as of a new version: every change before it has a lower one, every change behind it
-- a higher one.
--
-- KEYS[1]  the entity's hash   KEYS[2]  the outbox of its bucket
--
-- ARGV[1]  a version that it must be above, '0' for none: one that was given before a failover lost it
--
-- Returns ['done', version, index]: index as the hash keeps it, '[' where there is none.

local index = readHash(KEYS[1], { '$index' }, 1, 1)[1] or '['
local version = string.format('%.0f', newVersion(KEYS[2], tonumber(ARGV[1])))
redis.call('ZADD', KEYS[2], version, '')
return { 'done', version, readMembers(index) and index or '[' }
