--- @include "wire"

-- The change feed of a bucket: a stream with an entry for each write of an entity that is in it.
--
--   m  the entity's member     t  the moment of the write or of the expiry, ms     x  '1': removed because it had expired
--   o  its hash before the write, names and texts in turn, framed; '' where there was none      n  its hash after it

local LONGEST = 500000000 -- bytes: what is much longer cannot be read back

--- A hash as it will be, framed: what it holds, with the names and texts of `set` from a place on, and without those `removed`.
local function hashAfter(held, set, first, removed)
  local names, texts = {}, {}
  local function put(list, from)
    for at = from, #list, 2 do
      if not texts[list[at]] then names[#names + 1] = list[at] end
      texts[list[at]] = list[at + 1]
    end
  end
  put(held, 1)
  put(set, first)
  for _, name in ipairs(removed) do texts[name] = nil end
  local after = {}
  for _, name in ipairs(names) do
    if texts[name] then
      after[#after + 1] = name
      after[#after + 1] = texts[name]
      texts[name] = nil
    end
  end
  return join('[', after)
end

--- The command that appends an entry. It comes before all others of a write: where it fails, nothing is written. With `keep`,
--- what is older than so many ms goes, as far as whole blocks of the stream are.
local function feedEntry(stream, keep, member, now, old, new, expired)
  local fields = { 'm', member, 't', string.format('%.0f', now), 'o', old, 'n', new, 'x', expired }
  if not keep then return { 'XADD', stream, '*', unpack(fields) } end
  local clock = redis.call('TIME')
  local oldest = math.max(tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000) - keep, 0)
  return { 'XADD', stream, 'MINID', '~', string.format('%.0f', oldest), '*', unpack(fields) }
end
