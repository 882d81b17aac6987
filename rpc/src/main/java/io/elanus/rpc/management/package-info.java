/// The management port: metrics and health, for scrapers, probes and people. Nothing else: no
/// configuration, no data, no expressions.
@NullMarked
package io.elanus.rpc.management;

import org.jspecify.annotations.NullMarked;
