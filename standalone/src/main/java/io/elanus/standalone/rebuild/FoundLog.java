package io.elanus.standalone.rebuild;

import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;

/// One log from its start to its end.
record FoundLog(LogId log, Position start, Position end, FoundRecords records) {}
