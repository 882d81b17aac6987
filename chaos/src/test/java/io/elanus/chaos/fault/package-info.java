@NullMarked
package io.elanus.chaos.fault;

import org.jspecify.annotations.NullMarked;
