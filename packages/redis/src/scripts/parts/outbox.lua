--- @include "wire"

-- The outbox of a bucket: a sorted set of what is still to be changed in index sets of other slots, by its version. An entry is
-- [version, sign, id, member, sign, id, member, ...], framed. The empty member has the last version that was given: versions grow
-- with every change in the bucket, and follow the server's clock, so that they go on growing after a failover that lost the
-- last ones.

local LEFT_OVER = 1000000 -- microseconds: whoever wrote what is older has failed to deliver it, or is about to
local OTHERS = 5

--- A new version, above all that were given here and above another one.
local function newVersion(outbox, above)
  local time = redis.call('TIME')
  local last = redis.call('ZSCORE', outbox, '')
  local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  return math.max(now, last and tonumber(last) + 1 or 0, above + 1)
end

--- Puts changes down as one entry, and adds it to `outgoing` with a few that were left over.
local function putDown(outbox, changes, outgoing)
  local version = newVersion(outbox, 0)
  local text = string.format('%.0f', version)
  table.insert(changes, 1, text)
  local entry = join('[', changes)
  redis.call('ZADD', outbox, text, '', text, entry)
  outgoing[#outgoing + 1] = entry
  local others = redis.call('ZRANGE', outbox, '-inf', string.format('%.0f', version - LEFT_OVER), 'BYSCORE', 'LIMIT', 0, OTHERS)
  for _, other in ipairs(others) do outgoing[#outgoing + 1] = other end
end
