--- @include "wire"
--- @include "index-set"
--- @include "feed"

-- Removal of expired entities. The caller names them and declares the keys of their hashes; whether they are due is judged
-- here, by the set of expiry moments.

--- The earlier of the caller's clock and the server's, ms: nothing is removed before its moment by either.
local function sweepMoment(now)
  local time = redis.call('TIME')
  return math.min(now, tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
end

--- The commands that remove those of the named entities that are due, except one, and note in the feed what was in it.
local function planSweep(all, expiry, stream, members, firstKey, moment, spared)
  --- The commands that remove one entity; nil where its hash or one of its index sets cannot be reached.
  local function removal(key, all, expiry, member)
    local hidden = redis.pcall('HMGET', key, '$index', '$feed')
    if hidden.err then return nil end
    local index, inFeed = hidden[1], hidden[2]
    if inFeed and type(redis.pcall('XLEN', stream)) == 'table' then return nil end
    local commands = { { 'UNLINK', key }, { 'ZREM', all, member }, { 'ZREM', expiry, member } }
    if inFeed then
      local image = join('[', redis.call('HGETALL', key))
      table.insert(commands, 1, feedEntry(stream, nil, member, moment, image, '', '1'))
    end
    local entries, count = indexEntries(index or '[')
    for at = 1, count or 0, 2 do
      local command = memberCommand('-', entries[at], entries[at + 1])
      if not command or type(redis.pcall('ZCARD', command[2])) == 'table' then return nil end
      commands[#commands + 1] = command
    end
    return commands
  end

  local plan, count = {}, 0
  for i, member in ipairs(members) do
    local score = member ~= spared and redis.call('ZSCORE', expiry, member)
    local commands = score and tonumber(score) <= moment and removal(KEYS[firstKey + i - 1], all, expiry, member)
    if commands then
      count = count + 1
      for _, command in ipairs(commands) do plan[#plan + 1] = command end
    end
  end
  return plan, count
end

--- A few entities that are due at a moment.
local function findDue(expiry, moment, most)
  return redis.call('ZRANGE', expiry, '-inf', string.format('%.0f', moment), 'BYSCORE', 'LIMIT', 0, most)
end
