/** A Lua script as text, its `--- @include` lines resolved: see scripts/source/lua.mjs. */
declare module '*.lua' {
  const text: string
  export default text
}
