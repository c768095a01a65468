-- Doubles as JavaScript writes them (the fewest digits that read back as the same double), since equal values must be equal
-- strings and a sum computed here stands beside numbers that were written there.

--- The significant digits of a positive double without trailing zeros, and the decimal exponent of the first one.
local function significant(value)
  local function try(precision)
    local text = string.format('%.' .. (precision - 1) .. 'e', value)
    if tonumber(text) == value then return text end
    -- Below a power of two the doubles are twice as dense: the nearest decimal may miss where the next one above fits.
    if math.frexp(value) == 0.5 then
      local mantissa, exponent = string.match(text, '^(.-)e(.*)$')
      local head, last = string.match(mantissa, '^(.-)(%d)$')
      if last ~= '9' then
        text = head .. string.char(string.byte(last) + 1) .. 'e' .. exponent
        if tonumber(text) == value then return text end
      end
    end
    return nil
  end

  -- 15 digits show every shorter form of a normal double; only below 2^-1022 can fewer digits be found otherwise.
  local text = nil
  for precision = value < 2.2250738585072014e-308 and 1 or 15, 17 do
    text = try(precision)
    if text then break end
  end
  local first, rest, exponent = string.match(text, '^(%d)%.?(%d*)e([+-]%d+)$')
  return (string.gsub(first .. rest, '0+$', '')), tonumber(exponent)
end

--- The text of a finite double, as JavaScript's String gives it.
local numberText
function numberText(value)
  if value == 0 then return '0' end
  if value < 0 then return '-' .. numberText(-value) end
  if value < 9007199254740992 and math.floor(value) == value then return string.format('%.0f', value) end
  local digits, exponent = significant(value)
  local count, point = #digits, exponent + 1
  if point >= count and point <= 21 then return digits .. string.rep('0', point - count) end
  if point > 0 and point <= 21 then return string.sub(digits, 1, point) .. '.' .. string.sub(digits, point + 1) end
  if point > -6 and point <= 0 then return '0.' .. string.rep('0', -point) .. digits end
  local mantissa = count == 1 and digits or string.sub(digits, 1, 1) .. '.' .. string.sub(digits, 2)
  return mantissa .. (exponent < 0 and 'e-' or 'e+') .. math.abs(exponent)
end
