/// From a gRPC service to plain Java methods. [ServiceBinding] pairs each RPC with the method that
/// serves it, once, at start; a call then runs through the service's [Edge], which says what
/// happens around the method and what an exception becomes on the wire.
@NullMarked
package io.elanus.rpc.binding;

import org.jspecify.annotations.NullMarked;
