@NullMarked
package io.elanus.adapters.aws;

import org.jspecify.annotations.NullMarked;
