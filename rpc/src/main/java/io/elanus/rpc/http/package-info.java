/// HTTP/1.1 requests as values: what a route sees, without the transport that carried them.
@NullMarked
package io.elanus.rpc.http;

import org.jspecify.annotations.NullMarked;
