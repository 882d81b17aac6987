/// Measurements, each a command of its own (`bench/run --help`): kills, recall, freshness, start-up, idling. They
/// start servers as processes and talk to them over a socket, as an application does.
@NullMarked
package io.elanus.bench;

import org.jspecify.annotations.NullMarked;
