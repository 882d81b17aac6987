/// Metrics in the text format that Prometheus scrapes.
@NullMarked
package io.elanus.adapters.prometheus;

import org.jspecify.annotations.NullMarked;
