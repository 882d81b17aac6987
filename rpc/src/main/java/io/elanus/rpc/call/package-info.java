/// A call on the public API, from the wire to the method that serves it. [PublicEdge] makes the
/// [RequestContext] and passes the call through a list of [CallStage]s: database, access log,
/// authentication, privilege, limits ([PublicApi] holds the order).
@NullMarked
package io.elanus.rpc.call;

import org.jspecify.annotations.NullMarked;
