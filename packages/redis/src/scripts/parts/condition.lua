--- @include "bytes"
--- @include "wire"
--- @include "int64"

-- Conditions come as framed lists: [op, path, ...values], [and | or, ...conditions], [not, condition]. What they mean is
-- said once, by `evaluate` of @isomodel/core; this is the same meaning on stored texts.

--- Whether a condition holds of the fields (stored name to stored text). What it takes is within, as most writes have none.
local function holds(fields, given)
  --- The value at a path (a framed list: the stored field's name, then steps), or nil.
  local function valueAt(path)
    local steps, count = items(path)
    local value = fields[steps[1]]
    for i = 2, count do
      if not value then return nil end
      value = child(value, steps[i])
    end
    return value or nil
  end

  --- As a number below, at or above zero; nil when the two have no order.
  local function compareValues(a, b)
    local kind = kindOf(a)
    if kind ~= kindOf(b) then return nil end
    if kind == STRING or kind == BYTES or kind == BOOLEAN then return compareBytes(a, b) end
    if kind == NUMBER then return tonumber(a) - tonumber(b) end
    if kind == DATE then return tonumber(string.sub(a, 2)) - tonumber(string.sub(b, 2)) end
    if kind == BIGINT then return compareBigints(a, b) end
    return nil
  end

  local function holdsOf(op, found, condition, count)
    if op == 'eq' then return found == condition[3] end
    if op == 'ne' then return found ~= condition[3] end
    if op == 'in' then
      for i = 3, count do if found == condition[i] then return true end end
      return false
    end
    if op == 'beginsWith' then
      local prefix = condition[3]
      return string.byte(found, 1) == STRING and string.sub(found, 1, #prefix) == prefix
    end
    if op == 'contains' then
      local kind = string.byte(found, 1)
      if kind == STRING then
        return string.byte(condition[3], 1) == STRING and string.find(found, string.sub(condition[3], 2), 2, true) ~= nil
      end
      if kind ~= LIST and kind ~= SET then return false end
      local list, length = items(found)
      for i = 1, length do if list[i] == condition[3] then return true end end
      return false
    end
    local order = compareValues(found, condition[3])
    if not order then return false end
    if op == 'lt' then return order < 0 end
    if op == 'lte' then return order <= 0 end
    if op == 'gt' then return order > 0 end
    if op == 'gte' then return order >= 0 end
    if order < 0 then return false end
    order = compareValues(found, condition[4])
    return order ~= nil and order <= 0
  end

  local function isTrue(text)
    local condition, count = items(text)
    local op = condition[1]
    if op == 'and' then
      for i = 2, count do if not isTrue(condition[i]) then return false end end
      return true
    end
    if op == 'or' then
      for i = 2, count do if isTrue(condition[i]) then return true end end
      return false
    end
    if op == 'not' then return not isTrue(condition[2]) end
    local found = valueAt(condition[2])
    if op == 'exists' then return found ~= nil end
    if op == 'notExists' then return found == nil end
    return found ~= nil and holdsOf(op, found, condition, count)
  end
  return isTrue(given)
end
