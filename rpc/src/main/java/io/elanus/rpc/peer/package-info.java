/// Calls between roles. [PeerServices] serves a role's plain interface, [RpcClient] makes one that
/// calls, [Channels] finds the way to an address. Whether the other side is in this process or
/// behind a socket, the caller sees the same results and the same `DbException`s.
@NullMarked
package io.elanus.rpc.peer;

import org.jspecify.annotations.NullMarked;
