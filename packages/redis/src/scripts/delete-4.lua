#!lua flags=allow-oom
--- @include "parts/entity"

-- Removes an entity with its index members; an absent one is no error. KEYS, ARGV[1 ... 12] and what it returns:
-- parts/entity.lua. It runs when the memory is used up: it is what makes room.

local fields = readFields()
local live = isLive(fields)
local refused = refusal(fields, live, true)
if refused then return refuse(refused, live) end

local plan = planMembers(fields['$index'] or '[', '[')
if #missing > 0 then return refuse('KEYS', false) end
local isEntity = isOurs(fields['$token'])
local isThere = isEntity or isForeign(fields)
checkAllButFirst(plan)
if isThere then redis.call('ZCARD', KEYS[2]) end
local place = planPlace(false)
local image = {}
if RETURNING == 'old' and (live or not isEntity) then image = readImage() end

if isEntity and not noteWrite(true, nil) then return refuse('SIZE', false) end
place.sweep()
if isThere then
  run(plan)
  redis.call('UNLINK', KEYS[1])
  place.leave()
end
return { 'done', place.due(), missing, image, outgoing }
