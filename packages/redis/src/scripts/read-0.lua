#!lua flags=no-writes

-- Entities as they are at one moment.
--
-- KEYS  the hashes of the entities
--
-- Returns names and texts in turn of each, in the order of KEYS; nothing where there is none.

local found = {}
for at, key in ipairs(KEYS) do found[at] = redis.call('HGETALL', key) end
return found
