-- Bigints as decimal digits with an `n` behind, in two doubles of the same sign: value = high * 1e15 + low. Sums of two
-- int64 stay exact in them.

local function readBigint(wire)
  local sign, digits = string.match(wire, '^(%-?)(%d+)n$')
  local high = tonumber(string.sub(digits, 1, -16)) or 0
  local low = tonumber(string.sub(digits, -15))
  if sign == '-' then return -high, -low end
  return high, low
end

local function compareBigints(a, b)
  local highA, lowA = readBigint(a)
  local highB, lowB = readBigint(b)
  if highA ~= highB then return highA - highB end
  return lowA - lowB
end

local function addBigints(a, b)
  local highA, lowA = readBigint(a)
  local highB, lowB = readBigint(b)
  local high, low = highA + highB, lowA + lowB
  if low >= 1e15 then high, low = high + 1, low - 1e15 elseif low <= -1e15 then high, low = high - 1, low + 1e15 end
  if high > 0 and low < 0 then high, low = high - 1, low + 1e15 elseif high < 0 and low > 0 then high, low = high + 1, low - 1e15 end
  local sign = (high < 0 or low < 0) and '-' or ''
  high, low = math.abs(high), math.abs(low)
  local digits = high > 0 and string.format('%.0f%015.0f', high, low) or string.format('%.0f', low)
  return sign .. digits .. 'n'
end
