#!lua
--- @include "parts/entity"

-- Writes a whole entity with its index members. KEYS, ARGV[1 ... 11] and what it returns: parts/entity.lua.
--
-- ARGV[12]      the moment it expires, ms, or ''
-- ARGV[13]      its index members: ids and members in turn, framed
-- ARGV[14 ...]  stored names and texts in turn

local fields = readFields()
local live = isLive(fields)
local refused = refusal(fields, live)
if refused then return refuse(refused, live) end

local old = readMembers(fields['$index'])
local plan = planMembers(old, readMembers(ARGV[13]))
if #missing > 0 then return refuse('KEYS', false) end
checkSets(plan)
local sweep, due = planSweepBeside()
local image = RETURNING == 'old' and live and readImage() or {}

writeWhole(14, ARGV[13] ~= '[' and ARGV[13] or nil)
writePlace(not fields['$token'], ARGV[12])
run(plan)
run(sweep)
return { 'done', due(), missing, RETURNING == 'new' and readImage() or image }
