package io.elanus.querynode;

import java.nio.file.Path;
import java.time.Duration;

/// @param cache folder of segment files; survives restarts, may be lost at any time
/// @param leaseTtl of this node's membership
public record QueryNodeConfig(Path cache, Duration leaseTtl) {}
