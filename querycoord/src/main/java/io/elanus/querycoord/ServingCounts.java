package io.elanus.querycoord;

/// How much is served, and how much is on the move, as of the last round of placing.
///
/// @param collections, replicas that are loaded
/// @param nodes query nodes that are registered
/// @param segmentsMoving, leadersMoving moves under way
/// @param shardsWithoutLeader shards of replicas that nobody alive leads
/// @param collectionsShort collections something of which finds no room
public record ServingCounts(
    int collections,
    int replicas,
    int nodes,
    int segmentsMoving,
    int leadersMoving,
    int shardsWithoutLeader,
    int collectionsShort) {}
