--- @include "wire"
--- @include "index-set"

-- The members that an entity has in index sets, as its hash keeps them, and the commands that change them.

local FORMAT = 49 -- a token begins with the version of the format: 1
local CHUNK = 4000 -- unpack fails at about 8,000 values

--- Whether a token is of this version of the format.
local function isOurs(token)
  return token and string.byte(token, 1) == FORMAT
end

--- The texts of some fields of a hash, those of a list of names from a place to another, and whether the key holds something
--- else than a hash: then there are none.
local function readHash(key, names, from, to)
  local texts = redis.pcall('HMGET', key, unpack(names, from, to))
  if not texts.err then return texts, false end
  if not match(texts.err, '^%-?WRONGTYPE') then error(texts) end
  return {}, true
end

--- Index members by id, from a framed list of ids and members in turn; nil where it is no such list.
local function readMembers(text)
  local list, count = indexEntries(text)
  if not list then return nil end
  local members = {}
  for i = 1, count, 2 do members[list[i]] = list[i + 1] end
  return members
end

--- The opposite, in the order of the given ids.
local function writeMembers(members, ids)
  local list, known = {}, {}
  local function put(id)
    known[id] = true
    list[#list + 1] = id
    list[#list + 1] = members[id]
  end
  for _, id in ipairs(ids) do if members[id] then put(id) end end
  for id in pairs(members) do if not known[id] then put(id) end end
  return join('[', list)
end

--- Adds the commands that turn one member of an index set into another; nil: none.
local function planMember(plan, id, old, new)
  if old == new then return end
  if old then plan[#plan + 1] = memberCommand('-', id, old) end
  if new then plan[#plan + 1] = memberCommand('+', id, new) end
end

--- The commands that turn the old members into the new ones, both framed. Where the old ones cannot be read they stay in
--- their sets, and are passed over there, as no entity says that it is in them.
local function planMembers(oldText, newText)
  local plan = {}
  if oldText == newText then return plan end
  local old, new = readMembers(oldText) or {}, readMembers(newText)
  for id, member in pairs(old) do planMember(plan, id, member, new[id]) end
  for id, member in pairs(new) do
    if not old[id] then planMember(plan, id, nil, member) end
  end
  return plan
end

--- Fails, before anything is written, where a set of the plan holds something else. `spared` is a set that need not be asked,
--- as the write that comes first fails by itself.
local function checkSets(plan, spared)
  local asked = spared
  for _, command in ipairs(plan) do
    local set = command[2]
    if set and set ~= asked and set ~= spared then
      redis.call('ZCARD', set)
      asked = set
    end
  end
end

--- As `checkSets`, where the plan runs before all other writes.
local function checkAllButFirst(plan)
  -- What is put down comes last.
  if plan[1] then checkSets(plan, plan[1][1] ~= LATER and plan[1][2] or nil) end
end

--- Sets the names and texts of a list from a place on.
local function setFields(key, list, first)
  for from = first, #list, CHUNK do
    redis.call('HSET', key, unpack(list, from, math.min(from + CHUNK - 1, #list)))
  end
end

local function removeFields(key, names)
  for from = 1, #names, CHUNK do
    redis.call('HDEL', key, unpack(names, from, math.min(from + CHUNK - 1, #names)))
  end
end
