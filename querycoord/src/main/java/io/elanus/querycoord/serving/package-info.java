/// What querycoord keeps in the metastore: which collections are loaded ([Load]), by which replicas
/// ([Replica]) of which resource groups ([ResourceGroup]), and who serves each shard of each replica
/// ([Route]). [ServingState] is all of it, [ServingChange] one entry written or removed, [ServingEntries] how
/// entries read and write.
@NullMarked
package io.elanus.querycoord.serving;

import org.jspecify.annotations.NullMarked;
