/// A whole cluster on one machine, as separate processes without containers: to try it, and to test it.
///
/// [LocalCluster] owns the processes: the servers of [Foundation] (Kafka, MariaDB or etcd, an S3-compatible
/// server) and a [RoleChild] per role process, laid out by [ClusterPlan]. `elanus cluster start` is a process
/// that holds one; [Control] is how other commands reach it, [StateFile] how they find it.
@NullMarked
package io.elanus.standalone.cluster;

import org.jspecify.annotations.NullMarked;
