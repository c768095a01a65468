--- @include "wire"

-- The change feed of a bucket: a stream with an entry for each write of an entity that is in it.
--
--   m  the entity's member     t  the moment of the write or of the expiry, ms     x  '1': removed because it had expired
--   o  its hash before the write, names and texts in turn, framed; '' where there was none      n  its hash after it

local LONGEST = 500000000 -- bytes: what is much longer cannot be read back
local TRIM_EACH = 64

--- An entity's whole hash, framed.
local function framedHash(key)
  return join('[', redis.call('HGETALL', key))
end

--- Appends an entry. Now and then what is older than `keep` ms goes.
local function feed(stream, keep, member, now, old, new, expired)
  local id = redis.call('XADD', stream, '*', 'm', member, 't', string.format('%.0f', now), 'o', old, 'n', new, 'x', expired)
  local ms = tonumber(match(id, '^%d+'))
  if ms % TRIM_EACH == 0 then
    redis.call('XTRIM', stream, 'MINID', '~', string.format('%.0f', math.max(ms - keep, 0)))
  end
end
