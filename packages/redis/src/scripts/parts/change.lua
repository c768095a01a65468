--- @include "bytes"
--- @include "wire"
--- @include "number"
--- @include "int64"

-- Changes come as framed lists: [op, path, ...arguments]. What they mean is said once, by `applyChanges` of @isomodel/core;
-- this is the same meaning on stored texts.

--- Stands for a field or an element that goes.
local REMOVED = {}

--- Whether the parent of a path is there, and the value at the path or nil.
local function target(fields, steps, count)
  local value = fields[steps[1]]
  for i = 2, count do
    if not value then return false end
    local step = steps[i]
    local isName = string.byte(step, 1) == STRING
    if string.byte(value, 1) ~= (isName and OBJECT or LIST) then return false end
    value = child(value, step)
    if not value and not (isName and i == count) then return false end
  end
  return true, value or nil
end

local function sum(old, change)
  local amount, min, max = change[3], change[4], change[5]
  local kind = kindOf(amount)
  if old and kindOf(old) ~= kind then return nil end
  if kind == BIGINT then
    local total = addBigints(old or '0n', amount)
    if compareBigints(total, min) < 0 or compareBigints(total, max) > 0 then return nil end
    return total
  end
  local total = tonumber(old or '0') + tonumber(amount)
  if not (total >= tonumber(min) and total <= tonumber(max)) then return nil end
  return numberText(total)
end

--- The members of a set with some more, or with some less.
local function changedSet(old, argument, adds)
  --- Both lists sorted by bytes and without repetitions, and so is what comes of them.
  local function union(a, countA, b, countB)
    local made, count, i, j = {}, 0, 1, 1
    while i <= countA or j <= countB do
      local order = i > countA and 1 or j > countB and -1 or compareBytes(a[i], b[j])
      count = count + 1
      made[count] = order <= 0 and a[i] or b[j]
      if order <= 0 then i = i + 1 end
      if order >= 0 then j = j + 1 end
    end
    return made
  end

  local function without(list, count, gone, countGone)
    local drop, made = {}, {}
    for i = 1, countGone do drop[gone[i]] = true end
    for i = 1, count do if not drop[list[i]] then made[#made + 1] = list[i] end end
    return made
  end

  local list, count = items(old)
  local members, countMembers = items(argument)
  return join('(', (adds and union or without)(list, count, members, countMembers))
end

--- The new value (REMOVED: none), or nil where everything stays; false when the change cannot be made to what is there.
local function newValue(old, change)
  local op, argument = change[1], change[3]
  if op == 'set' then return argument end
  if op == 'setIfAbsent' then return old == nil and argument or nil end
  if op == 'remove' then return old and REMOVED or nil end
  if op == 'add' then return sum(old, change) or false end
  if op == 'append' or op == 'prepend' then
    if old and string.byte(old, 1) ~= LIST then return false end
    if not old then return argument end
    return op == 'append' and old .. string.sub(argument, 2) or argument .. string.sub(old, 2)
  end
  if op == 'deleteFromSet' and not old then return nil end
  if old and string.byte(old, 1) ~= SET then return false end
  return changedSet(old or '(', argument, op == 'addToSet')
end

--- A list or an object with the edits below it made; an edit has a `result`, or further edits `below` it.
local function rebuild(old, below)
  local function edited(value, edit)
    return edit.result or rebuild(value, edit.below)
  end

  local list, count = items(old)
  local made = {}
  if string.byte(old, 1) == LIST then
    for i = 1, count do
      local edit = below[string.format('%.0f', i - 1)]
      local value = edit and edited(list[i], edit) or list[i]
      if value ~= REMOVED then made[#made + 1] = value end
    end
    return join('[', made)
  end

  local function put(name, value)
    made[#made + 1] = name
    made[#made + 1] = value
  end
  -- An object's names stay sorted, so that equal objects stay equal strings.
  local present, added = {}, {}
  for i = 1, count, 2 do present["'" .. list[i]] = true end
  for step, edit in pairs(below) do
    if not present[step] and edit.result ~= REMOVED then added[#added + 1] = string.sub(step, 2) end
  end
  table.sort(added, function(a, b) return compareBytes(a, b) < 0 end)
  local nextAdded = 1
  local function putAddedBefore(name)
    while added[nextAdded] and (name == nil or compareBytes(added[nextAdded], name) < 0) do
      put(added[nextAdded], below["'" .. added[nextAdded]].result)
      nextAdded = nextAdded + 1
    end
  end
  for i = 1, count, 2 do
    putAddedBefore(list[i])
    local edit = below["'" .. list[i]]
    local value = edit and edited(list[i + 1], edit) or list[i + 1]
    if value ~= REMOVED then put(list[i], value) end
  end
  putAddedBefore(nil)
  return join('{', made)
end

--- Makes all changes, each seeing the old fields. Gives the new texts by stored field name (REMOVED: it goes), or nil and
--- the reason for the first change that cannot be made.
local function applyChanges(fields, changes)
  local edits = {}
  for _, text in ipairs(changes) do
    local change = items(text)
    local steps, count = items(change[2])
    local reachable, old = target(fields, steps, count)
    if not reachable then return nil, 'INVALID_PATH' end
    local result = newValue(old, change)
    if result == false then return nil, 'INVALID_VALUE' end
    if result then
      local at = edits
      for i = 1, count - 1 do
        at[steps[i]] = at[steps[i]] or { below = {} }
        at = at[steps[i]].below
      end
      at[steps[count]] = { result = result }
    end
  end
  local changed = {}
  for name, edit in pairs(edits) do changed[name] = edit.result or rebuild(fields[name], edit.below) end
  return changed
end
