-- Order of strings by their bytes: Lua's own `<` follows the server's locale.

--- Negative, zero or positive as `a` is before, equal to or after `b`.
local function compareBytes(a, b)
  if a == b then return 0 end
  local shared = math.min(#a, #b)
  local at = 1
  while at + 255 <= shared and string.sub(a, at, at + 255) == string.sub(b, at, at + 255) do at = at + 256 end
  while at <= shared do
    local x, y = string.byte(a, at), string.byte(b, at)
    if x ~= y then return x - y end
    at = at + 1
  end
  return #a - #b
end
