/// The Elanus under test: how it is started, which processes it has, where its clients go.
@NullMarked
package io.elanus.chaos.system;

import org.jspecify.annotations.NullMarked;
