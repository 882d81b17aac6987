/// `elanus admin rebuild`: makes a lost metastore anew from the bucket and the log, offline
/// (docs/operations/rebuild.md).
///
/// [Survey] looks at everything and changes nothing; [RebuildPlan] is a pure function from what was found to what
/// to write; [RebuildWriter] writes it. [Rebuild] is the three in a row.
@NullMarked
package io.elanus.standalone.rebuild;

import org.jspecify.annotations.NullMarked;
