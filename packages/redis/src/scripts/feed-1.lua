#!lua flags=no-writes
-- Reads a change feed on.
--
-- KEYS[1]  the stream
--
-- ARGV[1]  the id behind which it goes on; '' only to learn where the stream ends
-- ARGV[2]  how many entries to return at most
--
-- Returns [state, end, entries]:
--   state    'there'; 'lost': entries behind the id were trimmed, or the stream ends before it
--   end      the id of the last entry that there ever was
--   entries  [id, names and texts in turn]

--- Negative, zero or positive as the first of two ids is before, equal to or after the second.
local function compareIds(a, b)
  local ams, aseq = string.match(a, '^(%d+)-(%d+)$')
  local bms, bseq = string.match(b, '^(%d+)-(%d+)$')
  if ams ~= bms then return tonumber(ams) - tonumber(bms) end
  return tonumber(aseq) - tonumber(bseq)
end

local last, deleted = '0-0', '0-0'
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for at = 1, #info, 2 do
    if info[at] == 'last-generated-id' then last = info[at + 1] end
    if info[at] == 'max-deleted-entry-id' then deleted = info[at + 1] end
  end
end
local after = ARGV[1]
if after == '' then return { 'there', last, {} } end
if compareIds(after, deleted) < 0 or compareIds(last, after) < 0 then return { 'lost', last, {} } end
if last == after then return { 'there', last, {} } end
return { 'there', last, redis.call('XRANGE', KEYS[1], '(' .. after, '+', 'COUNT', ARGV[2]) }
