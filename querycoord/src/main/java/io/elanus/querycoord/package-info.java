/// Querycoord: which collections are served, and by whom.
///
/// What is wanted and who serves it are this role's own entries (`serving`). `placement` says purely what should
/// change; [QueryCoordTerm] carries that out whenever nodes come, go or report ([NodeReports]), shards change
/// ([LoadedShards]), or collections are loaded, released or dropped.
@NullMarked
package io.elanus.querycoord;

import org.jspecify.annotations.NullMarked;
