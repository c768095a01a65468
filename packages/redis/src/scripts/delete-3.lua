#!lua flags=allow-oom
--- @include "parts/entity"

-- Removes an entity with its index members; an absent one is no error. KEYS, ARGV[1 ... 11] and what it returns:
-- parts/entity.lua. It runs when the memory is used up: it is what makes room.

local fields = readFields()
local live = isLive(fields)
local refused = refusal(fields, live)
if refused then return refuse(refused, live) end

local plan = planMembers(readMembers(fields['$index']), {})
if #missing > 0 then return refuse('KEYS', false) end
checkSets(plan)
local sweep, due = planSweepBeside()
local image = RETURNING == 'old' and live and readImage() or {}

if fields['$token'] then
  redis.call('UNLINK', KEYS[1])
  redis.call('ZREM', KEYS[2], MEMBER)
  redis.call('ZREM', KEYS[3], MEMBER)
  run(plan)
end
run(sweep)
return { 'done', due(), missing, image }
