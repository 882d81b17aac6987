/// Who serves what: pure functions from what is wanted and what is seen to changes of the state.
///
/// [Placement] asks three planners in turn. [GroupPlan] gives nodes to resource groups, [ReplicaPlan] divides a
/// group's nodes among the replicas of a collection, and for each replica leaders ([LeaderPlan]) and segments
/// ([SegmentPlan], [SegmentBalance]) are placed on drafts of its routes ([ShardDraft]). What replaces something
/// that lives is prepared beside it first, and takes over when its node says that it is ready.
@NullMarked
package io.elanus.querycoord.placement;

import org.jspecify.annotations.NullMarked;
