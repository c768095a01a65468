--- @include "wire"

-- Index sets by id ('g1': the first global index, 'l2': the second local one), as far as the caller declared their keys. Most
-- writes touch none, so the ids are read when they are first asked for.

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

--- The key of a set; notes the id where the caller did not declare it.
local function indexSet(id)
  if not listedIds then indexIds() end
  if not indexSets[id] then missing[#missing + 1] = id end
  return indexSets[id]
end
