package io.elanus.datacoord;

/// Jobs of one kind: how many there are, and what became of others since the leader's term began.
///
/// @param waiting that no worker holds and that could be handed out now: what more workers would be good for
/// @param running that a worker holds, whose lease has not run out
/// @param done, failed, givenBack by their workers
/// @param expired handed out again because the lease of a worker had run out
public record JobCounts(
    int waiting, int running, long done, long failed, long givenBack, long expired) {}
