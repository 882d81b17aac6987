/// The metastore on etcd, over a client of our own: a gRPC channel per endpoint and blocking calls
/// (docs/decisions tells why not jetcd). `EtcdMetaStore.open(run, config)` is the way in; it tests the
/// server first and names what is missing.
@NullMarked
package io.elanus.adapters.etcd;

import org.jspecify.annotations.NullMarked;
