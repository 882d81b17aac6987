/// The tail: what follows a shard's checkpoint in the log, in memory. [ShardSequencer] says what
/// each record means, [Tail] holds the rows and deletes, a [TailView] is the tail at an instant, a
/// [TailCut] what a flush takes of it; a [TailFollower] brings records there, or halts at one that cannot be
/// applied. The shard's leader and its owner use the same classes, and
/// so see the same rows.
@NullMarked
package io.elanus.segment.tail;

import org.jspecify.annotations.NullMarked;
