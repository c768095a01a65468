#!lua
--- @include "parts/members"
--- @include "parts/feed"

-- Commits a transaction of entities of one bucket: all of its swaps or none.
--
-- KEYS[1]  the set of all keys            KEYS[4 ...]  the index sets that ARGV[1] names, in its order, and behind them
-- KEYS[2]  the set of expiry moments                   the hashes of the entities, in the order of the swaps
-- KEYS[3]  the change feed
--
-- ARGV[1]      ids of index sets, framed
-- ARGV[2]      how long the feed keeps its entries, ms
-- ARGV[3]      the moment of the commit, ms
-- ARGV[4 ...]  swaps, each framed: [member, expected, kind, expiry, members, removed, feed, name, text, ...]
--   member    the entity's member in the sets of keys and of expiry moments
--   expected  '' anything, '-' nothing, or `=` and the token that is there
--   kind      'keep' | 'delete' | 'put' | 'update'
--   expiry    the moment it expires, ms, or ''
--   members   ids and members in turn, framed: of a put all that it is in; of an update what changes, '' where it leaves
--   removed   stored names of fields that an update removes, framed
--   feed      '1' where the entity is in the feed, else ''
--   name ...  stored names and texts in turn: of a put the whole hash, of an update what it sets
--
-- Returns [code, missing, outgoing]:
--   code     'done'; 'stale': something is not as expected; 'FORMAT': what is stored is no entity of this format; 'KEYS': index sets
--            that ARGV[1] lacks are needed: call again with `missing` added. But for 'done', nothing was written
--            'SIZE' too: an entity is too long for the feed
--   missing  ids of index sets that stored members are in and ARGV[1] lacks
--   outgoing entries of the outbox to deliver

declareIndexSets(ARGV[1], 4)
local ids, sets = indexIds()

local function isExpected(expected, token)
  if expected == '' then return true end
  if expected == '-' then return not token end
  return token and expected == '=' .. token
end

--- Whether a swap may be done to what lies at its key, as far as that is no entity of this format.
local function isAllowed(swap, token, isOtherType)
  if isOurs(token) then return true end
  if swap[2] == '' then return true end
  return not token and not isOtherType and #redis.call('HGETALL', swap.key) == 0
end

--- What the members of an entity are after a swap, framed; nil where those before it cannot be read.
local function membersAfter(kind, old, given)
  if kind == 'delete' then return '[' end
  if kind == 'put' then return given end
  local members = readMembers(old)
  if not members then return nil end
  for id, member in pairs(readMembers(given)) do members[id] = member ~= '' and member or nil end
  return writeMembers(members, ids)
end

--- What a swap finds and what it leaves; nil where that is nothing.
local function entryOf(swap)
  local held = swap.isNew and {} or redis.call('HGETALL', swap.key)
  local old = #held > 0 and join('[', held) or ''
  local new = ''
  if swap[3] == 'put' then
    new = hashAfter({}, swap, 8, {})
  elseif swap[3] == 'update' then
    if swap.new ~= swap.old then
      held[#held + 1] = '$index'
      held[#held + 1] = swap.new
    end
    new = hashAfter(held, swap, 8, items(swap[6]))
  end
  return (old ~= '' or new ~= '') and { old = old, new = new } or nil
end

local HIDDEN = { '$token', '$index' }
local swaps, notes = {}, {}
for at = 4, #ARGV do
  local swap = items(ARGV[at])
  swap.key = KEYS[sets + at]
  local stored, isOtherType = readHash(swap.key, HIDDEN, 1, 2)
  local token = stored[1] or nil
  if not isAllowed(swap, token, isOtherType) then return { 'FORMAT', missing } end
  if not isExpected(swap[2], token) then return { 'stale', missing } end
  if swap[3] ~= 'keep' then
    swap.isNew = not isOurs(token)
    swap.old = stored[2] or '['
    swap.new = membersAfter(swap[3], swap.old, swap[5])
    if not swap.new then return { 'FORMAT', missing } end
    swap.plan = planMembers(swap.old, swap.new)
    checkSets(swap.plan)
    if swap[7] == '1' then
      local entry = entryOf(swap)
      if entry and #entry.old + #entry.new > LONGEST then return { 'SIZE', missing } end
      notes[#notes + 1] = entry and feedEntry(KEYS[3], tonumber(ARGV[2]), swap[1], tonumber(ARGV[3]), entry.old, entry.new, '')
    end
    swaps[#swaps + 1] = swap
  end
end
if #missing > 0 then return { 'KEYS', missing } end
-- So that a key that holds something else fails before anything is written.
redis.call('ZCARD', KEYS[1])
redis.call('ZCARD', KEYS[2])

for _, note in ipairs(notes) do redis.call(unpack(note)) end
for _, swap in ipairs(swaps) do
  local member, kind, expiry = swap[1], swap[3], swap[4]
  if kind ~= 'update' then redis.call('UNLINK', swap.key) end
  if kind == 'delete' then
    redis.call('ZREM', KEYS[1], member)
  else
    setFields(swap.key, swap, 8)
    if kind == 'update' then
      removeFields(swap.key, items(swap[6]))
      if swap.new ~= swap.old then redis.call('HSET', swap.key, '$index', swap.new) end
    end
    if swap.isNew then redis.call('ZADD', KEYS[1], '0', member) end
  end
  if expiry ~= '' then redis.call('ZADD', KEYS[2], expiry, member) else redis.call('ZREM', KEYS[2], member) end
  run(swap.plan)
end
return { 'done', missing, outgoing }
