/// The role that builds index files. An [IndexWorker] pulls a job from datacoord, an [IndexBuild] does it:
/// bring the segment, build, upload, submit the edit to the shard's owner. Whatever fails, the job is
/// handed out again.
@NullMarked
package io.elanus.indexnode;

import org.jspecify.annotations.NullMarked;
