/// Searches and queries: planned once, asked of every shard's leader, merged, written as the client expects.
@NullMarked
package io.elanus.proxy.read;

import org.jspecify.annotations.NullMarked;
