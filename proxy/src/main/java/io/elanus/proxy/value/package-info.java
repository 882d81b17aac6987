/// Values that clients write in another way than Elanus keeps them: times and geometries as texts.
@NullMarked
package io.elanus.proxy.value;

import org.jspecify.annotations.NullMarked;
