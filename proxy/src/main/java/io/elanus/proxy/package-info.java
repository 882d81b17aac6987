/// The role that speaks the public API. It checks what clients send, takes timestamps and ids, appends
/// to the log, and asks query nodes; it keeps nothing that is not a copy.
@NullMarked
package io.elanus.proxy;

import org.jspecify.annotations.NullMarked;
