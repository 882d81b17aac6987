/// What the roles ask of each other, as plain interfaces: `ServiceBinding` serves an implementation,
/// `RpcClient` makes one that calls, and the simulator hands one role the other's object.
@NullMarked
package io.elanus.rpc.internal;

import org.jspecify.annotations.NullMarked;
