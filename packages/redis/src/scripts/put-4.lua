#!lua
--- @include "parts/entity"

-- Writes a whole entity with its index members. KEYS, ARGV[1 ... 12] and what it returns: parts/entity.lua.
--
-- ARGV[13]      the moment it expires, ms, or ''
-- ARGV[14]      its index members: ids and members in turn, framed
-- ARGV[15 ...]  stored names and texts in turn, the hidden ones too

local fields = readFields()
local live = isLive(fields)
local refused = refusal(fields, live, true)
if refused then return refuse(refused, live) end

local isNew = not isOurs(fields['$token'])
local plan = planMembers(fields['$index'] or '[', ARGV[14])
if #missing > 0 then return refuse('KEYS', false) end
checkAllButFirst(plan)
local place = planPlace(isNew)
local image = {}
if RETURNING == 'old' and (live or isNew) then image = readImage() end

if not noteWrite(not isNew, ARGV, 15) then return refuse('SIZE', false) end
place.sweep()
run(plan)
writeWhole(15)
place.enter(ARGV[13])
return { 'done', place.due(), missing, image, outgoing }
