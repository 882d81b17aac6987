/// Querycoord: which collections are served, and by whom.
///
/// What is wanted (`load/`) and who leads (`route/`) are this role's own entries. [Placement] says
/// purely which shard goes to which node; [QueryCoordTerm] carries that out whenever nodes come and go,
/// collections are loaded, released or dropped.
@NullMarked
package io.elanus.querycoord;

import org.jspecify.annotations.NullMarked;
