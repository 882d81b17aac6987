/// Metadata and coordination as a port: a revisioned key-value store with guarded commits, watches and
/// leases. MySQL, etcd and an embedded file serve it alike.
@NullMarked
package io.elanus.common.meta;

import org.jspecify.annotations.NullMarked;
