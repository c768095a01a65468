#!lua flags=allow-oom
--- @include "parts/sweep"

-- Removes expired entities of a bucket. It runs when the memory is used up: it is what makes room.
--
-- KEYS[1]  the set of all keys            KEYS[4 ...]  the index sets that ARGV[2] names, in its order, and behind them
-- KEYS[2]  the set of expiry moments                   the hashes of the entities that ARGV[3] names
-- KEYS[3]  the change feed
--
-- ARGV[1]  the moment of the caller, ms   ARGV[2]  ids of index sets, framed
-- ARGV[3]  members of entities, framed    ARGV[4]  how many members of due entities to return at most
--
-- Returns [removed, due, missing, outgoing]: how many were removed, members of others that are due, ids of index sets that
-- stored members are in and ARGV[2] lacks: their entities are left; and entries of the outbox to deliver.

declareIndexSets(ARGV[2], 4)
local _, sets = indexIds()
local moment = sweepMoment(tonumber(ARGV[1]))
local plan, count = planSweep(KEYS[1], KEYS[2], KEYS[3], items(ARGV[3]), 4 + sets, moment, nil)
run(plan)
return { count, findDue(KEYS[2], moment, tonumber(ARGV[4])), missing, outgoing }
