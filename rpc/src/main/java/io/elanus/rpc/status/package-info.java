/// Errors on the public wire: [StatusMapper] is the only place that turns an exception into a
/// Milvus `Status`, and a `Status` back into an exception.
@NullMarked
package io.elanus.rpc.status;

import org.jspecify.annotations.NullMarked;
