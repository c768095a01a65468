-- Values as they lie in hash fields, and lists of texts as they come in ARGV: see src/wire.ts, which is the other end.
-- A value's text is the only one for that value, so that equal values are equal strings.

local STRING, DATE, BYTES, LIST, SET, OBJECT = 39, 64, 42, 91, 40, 123 -- ' @ * [ ( {
local TRUE, FALSE, NULL, MINUS, BIGINT_END = 116, 102, 110, 45, 110 -- t f n - n

local match, sub = string.match, string.sub

--- The items of a list or a set, the names and values of an object in turn, or the texts of a framed list.
local function items(wire)
  local list, count, at, length = {}, 0, 2, #wire
  while at <= length do
    local size, from = match(wire, '^(%d+):()', at)
    at = from + size
    count = count + 1
    list[count] = sub(wire, from, at - 1)
  end
  return list, count
end

--- The opposite of `items`; `tag` is the first character: `[`, `(` or `{`.
local function join(tag, list)
  local out = { tag }
  for i = 1, #list do
    local item = list[i]
    out[2 * i] = #item .. ':'
    out[2 * i + 1] = item
  end
  return table.concat(out)
end

--- One of the constants above; numbers and bigints as 0 and BIGINT_END + 256, which are no characters.
local function kindOf(wire)
  local first = string.byte(wire, 1)
  if first == MINUS or (first >= 48 and first <= 57) then
    return string.byte(wire, -1) == BIGINT_END and 366 or 0
  end
  return first == FALSE and TRUE or first
end

local NUMBER, BOOLEAN, BIGINT = 0, TRUE, 366

--- One step down: 'name into an object, a decimal index into a list; nil when there is nothing or no such parent.
local function child(parent, step)
  local kind = string.byte(parent, 1)
  local length, at = #parent, 2
  if string.byte(step, 1) == STRING then
    if kind ~= OBJECT then return nil end
    local name = string.sub(step, 2)
    while at <= length do
      local colon = string.find(parent, ':', at, true)
      local stop = colon + tonumber(string.sub(parent, at, colon - 1))
      local found = string.sub(parent, colon + 1, stop) == name
      at = stop + 1
      colon = string.find(parent, ':', at, true)
      stop = colon + tonumber(string.sub(parent, at, colon - 1))
      if found then return string.sub(parent, colon + 1, stop) end
      at = stop + 1
    end
    return nil
  end
  if kind ~= LIST then return nil end
  local left = tonumber(step)
  while at <= length do
    local colon = string.find(parent, ':', at, true)
    local stop = colon + tonumber(string.sub(parent, at, colon - 1))
    if left == 0 then return string.sub(parent, colon + 1, stop) end
    left = left - 1
    at = stop + 1
  end
  return nil
end
