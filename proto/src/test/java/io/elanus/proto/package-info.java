/// Proof that our protos are the public wire: each of them is flattened into [WireFacts], and every
/// fact of Milvus 3.0.0 and of the newest Java SDK must be among ours.
@NullMarked
package io.elanus.proto;

import org.jspecify.annotations.NullMarked;
