@NullMarked
package io.elanus.chaos.workload;

import org.jspecify.annotations.NullMarked;
