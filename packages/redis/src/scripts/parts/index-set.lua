--- @include "wire"
--- @include "outbox"

-- Index sets by id ('g1': the first global index, 'l2': the second local one), as far as the caller declared their keys. Most
-- writes touch none, so the ids are read when they are first asked for.
--
-- On a cluster the set of a global index lies in another slot. There the caller declares `outbox` in place of those sets: what
-- is to change in them is put down there, and whoever reads it brings it to the sets.

local indexSets, missing = {}, {}
local framedIds, firstIndexKey, listedIds, countIds

--- The keys from a place on are those of the sets with these ids, framed.
local function declareIndexSets(framed, firstKey)
  framedIds, firstIndexKey = framed, firstKey
end

--- The declared ids, and how many they are.
local function indexIds()
  if not listedIds then
    listedIds, countIds = items(framedIds)
    for i, id in ipairs(listedIds) do indexSets[id] = KEYS[firstIndexKey + i - 1] end
  end
  return listedIds, countIds
end

--- The texts of an entity's `$index`, ids and members in turn, and how many they are; nil where it is no such list.
local function indexEntries(text)
  local list, count, at, length = {}, 0, 2, #text
  if string.byte(text, 1) ~= LIST then return nil end
  while at <= length do
    local size, from = match(text, '^(%d+):()', at)
    if not size then return nil end
    at = from + size
    count = count + 1
    list[count] = sub(text, from, at - 1)
    if count % 2 == 1 and not match(list[count], '^[gl]%d+$') then return nil end
  end
  if at ~= length + 1 or count % 2 == 1 then return nil end
  return list, count
end

--- The key of a set; nil where it lies in another slot, or where the caller did not declare it, which is noted.
local GLOBAL = 103 -- g
local function indexSet(id)
  if not listedIds then indexIds() end
  local set = indexSets[id]
  if not set and not (indexSets.outbox and string.byte(id, 1) == GLOBAL) then missing[#missing + 1] = id end
  return set
end

--- The command that takes a member into a set ('+') or out of it ('-'); nil where the caller did not declare the set. One that
--- is to be put down is { LATER, outbox, sign, id, member }.
local LATER = 'LATER'
local putsDown = false
local function memberCommand(sign, id, member)
  local set = indexSets[id] or indexSet(id)
  if set then
    if sign == '+' then return { 'ZADD', set, '0', member } end
    return { 'ZREM', set, member }
  end
  local outbox = indexSets.outbox
  if not outbox or string.byte(id, 1) ~= GLOBAL then return nil end
  putsDown = true
  return { LATER, outbox, sign, id, member }
end

--- Entries of the outbox for the caller to deliver: those of this script, and a few that others left there; nil: none.
local outgoing

--- Runs commands, those of `memberCommand` too.
local function run(plan)
  if not putsDown then
    for _, command in ipairs(plan) do redis.call(unpack(command)) end
    return
  end
  local later = {}
  for _, command in ipairs(plan) do
    if command[1] == LATER then
      for at = 3, 5 do later[#later + 1] = command[at] end
    else
      redis.call(unpack(command))
    end
  end
  if later[1] then
    outgoing = outgoing or {}
    putDown(indexSets.outbox, later, outgoing)
  end
end
