package io.elanus.querynode;

import io.elanus.common.run.Coalescer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The ends of the logs, asked for once for all reads that wait: a read uses only an end that was asked for
/// after the read arrived.
final class LogEnds {
  private final Run run;
  private final Wal wal;
  private final Map<LogId, Coalescer<LogId, Position>> coalescers = new ConcurrentHashMap<>();

  LogEnds(Run run, Wal wal) {
    this.run = run;
    this.wal = wal;
  }

  /// A position at or after every append acknowledged before this call.
  Position end(LogId log, Deadline deadline) {
    return coalescers
        .computeIfAbsent(log, id -> Coalescer.shared(run, "log-end-" + id, _ -> wal.end(id)))
        .join(log, deadline);
  }
}
