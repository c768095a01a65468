#!lua flags=no-writes

-- Entities as they are at one moment.
--
-- KEYS  the hashes of the entities
--
-- Returns names and texts in turn of each, in the order of KEYS; nothing where there is none; a text, the server's words, where
-- the key holds something else than a hash.

local found = {}
for at, key in ipairs(KEYS) do
  local image = redis.pcall('HGETALL', key)
  if image.err and not string.find(image.err, '^%-?WRONGTYPE') then error(image) end
  found[at] = image.err or image
end
return found
