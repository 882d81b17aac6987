/// Rows on their way into the log: decoded, checked, numbered, split by shard, appended.
@NullMarked
package io.elanus.proxy.write;

import org.jspecify.annotations.NullMarked;
