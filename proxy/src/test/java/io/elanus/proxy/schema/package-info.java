@NullMarked
package io.elanus.proxy.schema;

import org.jspecify.annotations.NullMarked;
