/// Work that nodes pull from datacoord, one job after the other: [io.elanus.rpc.job.JobWorker] keeps a job's
/// lease while the node's own [io.elanus.rpc.job.PulledJob] does it, and [io.elanus.rpc.job.OwnerEdits] brings
/// what came of it to the owner of the shard.
@NullMarked
package io.elanus.rpc.job;

import org.jspecify.annotations.NullMarked;
