--- @include "wire"
--- @include "index-set"

-- The members that an entity has in index sets, as its hash keeps them, and the commands that change them.

local FORMAT = 49 -- a token begins with the version of the format: 1
local CHUNK = 4000 -- unpack fails at about 8,000 values

--- Index members by id, from a framed list of ids and members in turn.
local function readMembers(text)
  local list, count = items(text)
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

--- The commands that turn the old members into the new ones, both framed. Fails, before anything is written, where one of
--- the keys holds something else.
local function planMembers(oldText, newText)
  local plan = {}
  if oldText == newText then return plan end
  local old, new = readMembers(oldText), readMembers(newText)
  for id, member in pairs(old) do
    if new[id] ~= member then plan[#plan + 1] = { 'ZREM', indexSet(id), member } end
  end
  for id, member in pairs(new) do
    if old[id] ~= member then plan[#plan + 1] = { 'ZADD', indexSet(id), '0', member } end
  end
  for _, command in ipairs(plan) do
    if command[2] then redis.call('ZCARD', command[2]) end
  end
  return plan
end

local function run(plan)
  for _, command in ipairs(plan) do redis.call(unpack(command)) end
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
