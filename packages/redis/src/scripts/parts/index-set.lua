-- Index sets by id ('g1': the first global index, 'l2': the second local one), as far as the caller declared their keys.

local indexSets, missing = {}, {}

--- The keys from a place on are those of the sets with these ids.
local function declareIndexSets(ids, firstKey)
  for i, id in ipairs(ids) do indexSets[id] = KEYS[firstKey + i - 1] end
end

--- The key of a set; notes the id where the caller did not declare it.
local function indexSet(id)
  if not indexSets[id] then missing[#missing + 1] = id end
  return indexSets[id]
end
