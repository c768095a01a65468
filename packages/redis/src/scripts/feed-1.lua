#!lua flags=no-writes
-- Reads a change feed on.
--
-- KEYS[1]  the stream
--
-- ARGV[1]  the id behind which it goes on; '' only to learn where the stream ends
-- ARGV[2]  how many entries there ever were up to that id
-- ARGV[3]  how many entries to return at most
--
-- Returns [state, end, count, entries]:
--   state    'there'; 'lost': entries behind the id were trimmed, or the stream is another than the one that had it
--   end      the id of the last entry that there ever was
--   count    how many there ever were
--   entries  [id, names and texts in turn]

local ENOUGH, AT_ONCE = 4000000, 10 -- bytes, and entries that are read before their bytes are counted

local last, added, length = '0-0', 0, 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for at = 1, #info, 2 do
    if info[at] == 'last-generated-id' then last = info[at + 1] end
    if info[at] == 'entries-added' then added = info[at + 1] end
    if info[at] == 'length' then length = info[at + 1] end
  end
end
local after, count = ARGV[1], tonumber(ARGV[2])
if after == '' then return { 'there', last, added, {} } end
-- What was trimmed was trimmed from the beginning.
local trimmed = added - length
if trimmed > count or added < count or (added == count and last ~= after) then return { 'lost', last, added, {} } end
-- The entry itself tells another stream with as many entries, as long as it was not trimmed.
if trimmed < count and count > 0 and #redis.call('XRANGE', KEYS[1], after, after) == 0 then
  return { 'lost', last, added, {} }
end
local entries, bytes, start, left = {}, 0, '(' .. after, tonumber(ARGV[3])
while left > 0 and bytes < ENOUGH do
  local found = redis.call('XRANGE', KEYS[1], start, '+', 'COUNT', math.min(left, AT_ONCE))
  for _, entry in ipairs(found) do
    entries[#entries + 1] = entry
    for _, text in ipairs(entry[2]) do bytes = bytes + #text end
  end
  if #found < AT_ONCE then break end
  left = left - #found
  start = '(' .. found[#found][1]
end
return { 'there', last, added, entries }
