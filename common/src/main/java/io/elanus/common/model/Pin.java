package io.elanus.common.model;

import java.time.Duration;

/// A mark that is kept readable: the versions of rows that a read as of it sees are not purged while the pin is
/// there. Rootcoord alone adds and removes pins, and judges when one has expired, by its own clock from the last
/// use it heard of (docs/decisions/0113).
///
/// @param mark a timestamp of rootcoord; one pin per mark
/// @param ttl how long it is kept without being used
public record Pin(long mark, Duration ttl) {}
