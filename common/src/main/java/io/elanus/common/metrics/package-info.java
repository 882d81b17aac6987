/// How roles show numbers: what they keep anyway is read when a scrape asks for it ([Readings]), how long
/// things take is put into histograms with the same few bounds everywhere ([Latency]). Each role declares
/// its metrics in one `*Metrics` class; docs/operations/metrics.md lists all of them.
@NullMarked
package io.elanus.common.metrics;

import org.jspecify.annotations.NullMarked;
