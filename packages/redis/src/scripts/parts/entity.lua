--- @include "condition"
--- @include "members"
--- @include "feed"
--- @include "sweep"

-- What every write begins and ends with. put-4, update-4 and delete-4 have in common:
--
-- KEYS[1]  the entity's hash              KEYS[5 ...]  the index sets that ARGV[9] names, in its order, and behind them
-- KEYS[2]  the set of all keys                         the hashes of the expired entities that ARGV[10] names
-- KEYS[3]  the set of expiry moments      KEYS[4]      the change feed
--
-- ARGV[1]  the entity's member in the sets of keys and of expiry moments
-- ARGV[2]  the new write token
-- ARGV[3]  the moment of the write, ms
-- ARGV[4]  'absent' | 'present' | 'any'   ARGV[5]  `=` and the token it must have, or ''   ARGV[6]  a condition, or ''
-- ARGV[7]  'old' | 'new' | 'none': what to return
-- ARGV[8]  the stored name of the ttl field, or ''
-- ARGV[9]  ids of index sets, framed      ARGV[10]  members of expired entities to remove along with this write, framed
-- ARGV[11] stored names of the fields that the script has to see, framed
-- ARGV[12] how long the feed keeps its entries, ms; '' where the entity is in no feed
--
-- They return [code, due, missing, image, outgoing]:
--   code     'done'; 'NOT_FOUND' | 'ALREADY_EXISTS' | 'REVISION_MISMATCH' | 'CONDITION_FAILED' | 'INVALID_PATH' |
--            'INVALID_VALUE': refused, nothing was written; 'FORMAT': what is stored is no entity of this format, nothing
--            was written; 'SIZE': a field would be too long, nothing was written; 'KEYS': index sets that ARGV[9] lacks are
--            needed, nothing was written: call again with `missing` added
--   due      members of a few expired entities, for ARGV[10] of a later write
--   missing  ids of index sets that stored members are in and ARGV[9] lacks
--   image    names and texts in turn: the entity that was refused, the old or the new one as ARGV[7] asks; else empty; nil
--            where that is no hash
--   outgoing entries of the outbox to deliver: see parts/outbox.lua

local MEMBER, TOKEN, NOW, RETURNING, TTL = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[7], ARGV[8]
local KEEP = tonumber(ARGV[12])
local SWEPT_BESIDE = 5

declareIndexSets(ARGV[9], 5)

--- Whether the key holds something else than a hash; known after `readFields`.
local isOtherType = false

--- Stored texts by stored name.
local function readFields()
  local names, count = items(ARGV[11])
  names[count + 1], names[count + 2] = '$token', '$index'
  count = count + 2
  if TTL ~= '' then
    count = count + 1
    names[count] = TTL
  end
  local fields = {}
  for from = 1, count, CHUNK do
    local to = math.min(from + CHUNK - 1, count)
    local texts
    texts, isOtherType = readHash(KEYS[1], names, from, to)
    for i = from, to do fields[names[i]] = texts[i - from + 1] or nil end
  end
  return fields
end

--- Names and texts in turn; false where the key holds something else than a hash.
local function readImage()
  return not isOtherType and redis.call('HGETALL', KEYS[1])
end

local function isLive(fields)
  if not isOurs(fields['$token']) then return false end
  local ttl = TTL ~= '' and fields[TTL]
  local moment = ttl and string.byte(ttl, 1) == DATE and tonumber(string.sub(ttl, 2))
  return not (moment and moment <= NOW)
end

--- Whether something lies at the key that is no entity of this format.
local function isForeign(fields)
  local token = fields['$token']
  if token then return not isOurs(token) end
  return isOtherType or #readImage() > 0
end

--- Why the guard refuses, or nil. What is no entity can be judged by nothing; but a write that `replaces` whatever there is,
--- and asks nothing of it, repairs it.
local function refusal(fields, live, replaces)
  local exists, token, condition = ARGV[4], ARGV[5], ARGV[6]
  if not isOurs(fields['$token']) then
    local asks = exists ~= 'any' or token ~= '' or condition ~= ''
    if (asks or not replaces) and isForeign(fields) then return 'FORMAT' end
  end
  if not live then return (exists == 'present' or token ~= '') and 'NOT_FOUND' or nil end
  if exists == 'absent' then return 'ALREADY_EXISTS' end
  if token ~= '' and token ~= '=' .. fields['$token'] then return 'REVISION_MISMATCH' end
  if condition ~= '' and not holds(fields, condition) then return 'CONDITION_FAILED' end
  return nil
end

local function refuse(code, live)
  local image = {}
  if live or code == 'FORMAT' then image = readImage() end
  return { code, {}, missing, image }
end

--- Replaces what the hash holds by the names and texts in ARGV from a place on.
local function writeWhole(firstArgument)
  redis.call('UNLINK', KEYS[1])
  setFields(KEYS[1], ARGV, firstArgument)
end

--- Notes the write in the feed, where the entity is in it: first of all that is written, so that where it fails nothing is. What
--- the hash will hold: names and texts in `set` from a place on; put to what it holds, without the names `removed`, where those
--- are given. Nothing is set by a removal. False where both are too long for the feed.
local function noteWrite(isThere, set, first, removed)
  if not KEEP then return true end
  local held = isThere and redis.call('HGETALL', KEYS[1]) or {}
  local old = #held > 0 and join('[', held) or ''
  local new = set and hashAfter(removed and held or {}, set, first, removed or {}) or ''
  if #old + #new > LONGEST then return false end
  if old ~= '' or new ~= '' then redis.call(unpack(feedEntry(KEYS[4], KEEP, MEMBER, NOW, old, new, ''))) end
  return true
end

--- What goes along with a write: the sets of keys and of expiry moments, and the removal of expired entities. Made before
--- the write, so that a key that holds something else fails before anything is written.
local function planPlace(isNew)
  if isNew then redis.call('ZCARD', KEYS[2]) end
  local expiring = redis.call('ZCARD', KEYS[3])
  local moment = expiring > 0 and sweepMoment(NOW)
  local sweep = {}
  if expiring > 0 and ARGV[10] ~= '[' then
    local _, sets = indexIds()
    sweep = planSweep(KEYS[2], KEYS[3], KEYS[4], items(ARGV[10]), 5 + sets, moment, MEMBER)
  end
  return {
    --- `expiry` in ms, '' for never.
    enter = function(expiry)
      if isNew then redis.call('ZADD', KEYS[2], '0', MEMBER) end
      if expiry ~= '' then redis.call('ZADD', KEYS[3], expiry, MEMBER)
      elseif expiring > 0 then redis.call('ZREM', KEYS[3], MEMBER) end
    end,
    leave = function()
      redis.call('ZREM', KEYS[2], MEMBER)
      if expiring > 0 then redis.call('ZREM', KEYS[3], MEMBER) end
    end,
    --- Removes what has expired.
    sweep = function() run(sweep) end,
    --- What the next write may take along.
    due = function() return moment and findDue(KEYS[3], moment, SWEPT_BESIDE) or {} end,
  }
end
