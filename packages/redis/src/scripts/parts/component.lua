--- @include "wire"
--- @include "number"

-- Stored values as components of index members: key format version 1, which encodeComponent of @isomodel/core defines.

local function escapeText(text)
  if not string.find(text, '[%z\1-$]') then return text end
  return (string.gsub(text, '[%z\1-$]', function(char) return string.format('$%02x', string.byte(char)) end))
end

--- The component of a number or a bigint.
local function numericComponent(wire, isBigint)
  --- Turns the order around: the digits by nine's complement, the class before them by its mirror image.
  local function complement(text)
    local class = string.byte(text, 1)
    local mirrored = class == 49 and '~' or string.char(219 - class)
    local rest = string.gsub(string.sub(text, 2), '%d', function(digit) return string.char(105 - string.byte(digit)) end)
    return '-' .. mirrored .. rest .. '~'
  end

  local function positiveNumber(value)
    if value >= 1e-6 and value < 1e21 then
      local decimal = numberText(value)
      local point = string.find(decimal, '.', 1, true)
      return string.char(96 + (point and point - 1 or #decimal)) .. decimal
    end
    local digits, exponent = significant(value)
    if exponent < 0 then return string.format('1%03d.', 1000 + exponent) .. digits end
    return string.format('z%03d.', exponent) .. digits
  end

  if isBigint then
    local sign, digits = string.match(wire, '^(%-?)(%d+)n$')
    if digits == '0' then return '0' end
    local text = string.char(96 + #digits) .. digits
    return sign == '-' and complement(text) or text
  end
  local value = tonumber(wire)
  if value == 0 then return '0' end
  if value < 0 then return complement(positiveNumber(-value)) end
  return positiveNumber(value)
end

--- ISO 8601 in UTC; see the core for years that have not four digits.
local function dateComponent(wire)
  local ms = tonumber(string.sub(wire, 2))
  local days = math.floor(ms / 86400000)
  local rest = ms - days * 86400000
  -- Days to year, month, day in the proleptic Gregorian calendar, by eras of 400 years that begin on 1 March.
  local shifted = days + 719468
  local era = math.floor(shifted / 146097)
  local dayOfEra = shifted - era * 146097
  local yearOfEra = math.floor(
    (dayOfEra - math.floor(dayOfEra / 1460) + math.floor(dayOfEra / 36524) - math.floor(dayOfEra / 146096)) / 365)
  local dayOfYear = dayOfEra - (365 * yearOfEra + math.floor(yearOfEra / 4) - math.floor(yearOfEra / 100))
  local shiftedMonth = math.floor((5 * dayOfYear + 2) / 153)
  local day = dayOfYear - math.floor((153 * shiftedMonth + 2) / 5) + 1
  local month = shiftedMonth < 10 and shiftedMonth + 3 or shiftedMonth - 9
  local year = yearOfEra + era * 400 + (month <= 2 and 1 or 0)

  local head
  if year > 9999 then head = string.format('>%06d', year)
  elseif year < 0 then head = string.format('-%06d', 1000000 + year)
  else head = string.format('%04d', year) end
  return head .. string.format('-%02d-%02dT%02d:%02d:%02d.%03dZ', month, day, math.floor(rest / 3600000),
    math.floor(rest / 60000) % 60, math.floor(rest / 1000) % 60, rest % 1000)
end

--- The component of a stored scalar; nil for null, which no index holds.
local function component(wire)
  local kind = kindOf(wire)
  if kind == STRING then return escapeText(string.sub(wire, 2)) end
  if kind == NUMBER then return numericComponent(wire, false) end
  if kind == DATE then return dateComponent(wire) end
  if kind == BIGINT then return numericComponent(wire, true) end
  if kind == BOOLEAN then return string.byte(wire, 1) == TRUE and '1' or '0' end
  if kind == BYTES then
    return (string.gsub(string.sub(wire, 2), '.', function(char) return string.format('%02x', string.byte(char)) end))
  end
  return nil
end
