/// The real Milvus SDKs against a running server, over a socket. Nothing here sees a module of ours:
/// what passes here is what an application meets.
@NullMarked
package io.elanus.conformance;

import org.jspecify.annotations.NullMarked;
