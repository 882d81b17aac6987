/// Services on their own.
@NullMarked
package io.elanus.proxy.service;

import org.jspecify.annotations.NullMarked;
