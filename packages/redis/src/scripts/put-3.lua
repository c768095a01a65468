#!lua
--- @include "parts/entity"

-- Writes a whole entity with its index members. KEYS, ARGV[1 ... 11] and what it returns: parts/entity.lua.
--
-- ARGV[12]      the moment it expires, ms, or ''
-- ARGV[13]      its index members: ids and members in turn, framed
-- ARGV[14 ...]  stored names and texts in turn, the hidden ones too

local fields = readFields()
local live = isLive(fields)
local refused = refusal(fields, live, true)
if refused then return refuse(refused, live) end

local isNew = not isOurs(fields['$token'])
local plan = planMembers(fields['$index'] or '[', ARGV[13])
if #missing > 0 then return refuse('KEYS', false) end
checkAllButFirst(plan)
local place = planPlace(isNew)
local image = {}
if RETURNING == 'old' and (live or isNew) then image = readImage() end

run(plan)
writeWhole(14)
place.enter(ARGV[12])
return { 'done', place.sweep(), missing, image }
