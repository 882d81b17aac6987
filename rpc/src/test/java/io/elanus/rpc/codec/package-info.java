@NullMarked
package io.elanus.rpc.codec;

import org.jspecify.annotations.NullMarked;
