/// The one port of a process: gRPC and HTTP/1.1 on the same socket, with or without TLS. A new
/// connection meets [ProtocolSniffer], which looks at its first bytes and makes it a gRPC transport
/// or an [HttpConnection]. Netty appears in this package alone.
@NullMarked
package io.elanus.rpc.server;

import org.jspecify.annotations.NullMarked;
