/// The merge of ranked hits, the same for the segments of a shard, the shards of a collection and
/// the parts of a hybrid search.
@NullMarked
package io.elanus.common.topk;

import org.jspecify.annotations.NullMarked;
