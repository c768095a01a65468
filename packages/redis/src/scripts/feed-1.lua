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
if added == count then return { 'there', last, added, {} } end
return { 'there', last, added, redis.call('XRANGE', KEYS[1], '(' .. after, '+', 'COUNT', ARGV[3]) }
