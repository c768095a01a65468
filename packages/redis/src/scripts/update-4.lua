#!lua
--- @include "parts/entity"
--- @include "parts/change"
--- @include "parts/component"

-- Changes the named paths of an entity, and its index members with them; or writes a whole entity where there is none and
-- one is given. KEYS, ARGV[1 ... 12] and what it returns: parts/entity.lua.
--
-- ARGV[13]      changes, framed: see parts/change.lua
-- ARGV[14]      the indexes that the changes touch, framed; each [id, part, ...], where a part is `=` and a text as it is or
--               `.` and the stored name of a field whose component stands there
-- ARGV[15]      the moment the given entity expires, ms, or ''
-- ARGV[16]      its index members: ids and members in turn, framed
-- ARGV[17 ...]  its stored names and texts in turn, the hidden ones too; nothing: there is no entity to write

local fields = readFields()
local live = isLive(fields)
local refused = refusal(fields, live, false)
if refused then return refuse(refused, live) end
if not live and not ARGV[17] then return refuse('NOT_FOUND', false) end

--- The member of an index that a recipe gives; nil where a field is absent or null.
local function memberOf(parts, count, fields, changed)
  local texts = {}
  for i = 2, count do
    local part = string.sub(parts[i], 2)
    if string.byte(parts[i], 1) == 46 then
      local value = changed[part] or fields[part]
      part = value and value ~= REMOVED and component(value)
      if not part then return nil end
    end
    texts[i - 1] = part
  end
  return table.concat(texts)
end

local oldMembers = fields['$index'] or '['
local newMembers, changed, plan = oldMembers, nil, nil
if live then
  local reason
  changed, reason = applyChanges(fields, items(ARGV[13]))
  if not changed then return refuse(reason, live) end
  for _, text in pairs(changed) do
    if text ~= REMOVED and #text > LONGEST then return refuse('SIZE', false) end
  end
  plan = {}
  if ARGV[14] ~= '[' then
    local members = readMembers(oldMembers)
    if not members then return refuse('FORMAT', live) end
    for _, recipe in ipairs((items(ARGV[14]))) do
      local parts, count = items(recipe)
      local member = memberOf(parts, count, fields, changed)
      planMember(plan, parts[1], members[parts[1]], member)
      members[parts[1]] = member
    end
    if plan[1] then newMembers = writeMembers(members, (indexIds())) end
  end
else
  plan = planMembers(oldMembers, ARGV[16])
end

local isNew = not fields['$token']
if #missing > 0 then return refuse('KEYS', false) end
checkAllButFirst(plan)
local place = planPlace(isNew)
local image = RETURNING == 'old' and live and readImage() or {}

local set, removed = { '$token', TOKEN }, {}
if live then
  if newMembers ~= oldMembers then
    set[3] = '$index'
    set[4] = newMembers
  end
  if KEEP then
    set[#set + 1] = '$feed'
    set[#set + 1] = '1'
  end
  for name, text in pairs(changed) do
    if text == REMOVED then
      removed[#removed + 1] = name
    else
      set[#set + 1] = name
      set[#set + 1] = text
    end
  end
end
local isNoted
if live then isNoted = noteWrite(true, set, 1, removed) else isNoted = noteWrite(not isNew, ARGV, 17) end
if not isNoted then return refuse('SIZE', false) end

place.sweep()
run(plan)
if live then
  setFields(KEYS[1], set, 1)
  removeFields(KEYS[1], removed)
  local ttl = TTL ~= '' and changed[TTL]
  if ttl then place.enter(ttl ~= REMOVED and string.byte(ttl, 1) == DATE and string.sub(ttl, 2) or '') end
else
  writeWhole(17)
  place.enter(ARGV[15])
end
return { 'done', place.due(), missing, RETURNING == 'new' and readImage() or image, outgoing }
