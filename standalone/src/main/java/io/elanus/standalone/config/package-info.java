/// One configuration file, with environment variables and the command line above it. [Keys] is the table;
/// [Configuration] says what each key is set to and by whom; all that is wrong is told at once.
@NullMarked
package io.elanus.standalone.config;

import org.jspecify.annotations.NullMarked;
