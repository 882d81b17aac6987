/// Between the values of the model and the messages of the wire. Codecs translate and check the shape;
/// what a user may say is checked at the proxy, before.
@NullMarked
package io.elanus.rpc.codec;

import org.jspecify.annotations.NullMarked;
