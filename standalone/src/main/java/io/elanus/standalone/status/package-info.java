/// What a running server says of itself to its operator, over the public API.
@NullMarked
package io.elanus.standalone.status;

import org.jspecify.annotations.NullMarked;
