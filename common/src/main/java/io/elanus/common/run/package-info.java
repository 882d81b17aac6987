/// Time, chance, threads and waiting, behind one interface that a simulator can own.
@NullMarked
package io.elanus.common.run;

import org.jspecify.annotations.NullMarked;
