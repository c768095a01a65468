#!lua flags=allow-oom

-- Writes once more what is there already, so that replicas that have it have everything before it.
--
-- KEYS[1]  the entity's hash
--
-- ARGV[1]  the write token that it should have
--
-- Returns ['done'], or ['gone'] where it has another.

if redis.call('HGET', KEYS[1], '$token') ~= ARGV[1] then return { 'gone' } end
redis.call('HSET', KEYS[1], '$token', ARGV[1])
return { 'done' }
