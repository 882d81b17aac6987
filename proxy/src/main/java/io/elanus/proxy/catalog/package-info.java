/// What the proxy knows of collections and of who serves them: remembered, watched, and asked anew when in doubt.
@NullMarked
package io.elanus.proxy.catalog;

import org.jspecify.annotations.NullMarked;
