package io.elanus.simulation;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.MemoryObjectStore.Operation;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.simulation.Chaos.Fault;
import io.elanus.simulation.Node.Kind;
import java.time.Duration;
import java.util.Optional;

/// What goes wrong between one process and the log, the metastore and the bucket.
record PortFaults(SimulatedCluster cluster, Node node) {
  private Chaos chaos() {
    return cluster.chaos();
  }

  private SimulatedProcess process() {
    return node.process();
  }

  private RuntimeException lost(ErrorCode code, String what) {
    return code.because("%s: lost on the way", what);
  }

  MemoryWal.Faults log() {
    return new MemoryWal.Faults() {
      @Override
      public void beforeAppend(LogId log) {
        cluster.accident(node);
        chaos().travel(process());
        if (chaos().strikes(Fault.APPEND_LOST)) {
          throw lost(ErrorCode.LOG_FAILED, "append");
        }
      }

      @Override
      public Optional<Duration> landsLater(LogId log) {
        return chaos().lands(Fault.APPEND_LATE);
      }

      @Override
      public void beforeSync(LogId log) {
        chaos().travelUncancelled(process());
      }

      @Override
      public void afterAppend(LogId log) {
        cluster.accident(node);
        chaos().travel(process());
        if (chaos().strikes(Fault.APPEND_REPLY_LOST)) {
          throw lost(ErrorCode.LOG_FAILED, "append answer");
        }
      }

      @Override
      public void beforeRead(LogId log) {
        chaos().travel(process());
        if (chaos().strikes(Fault.LOG_READ_FAILS)) {
          throw lost(ErrorCode.LOG_FAILED, "read of log " + log);
        }
      }
    };
  }

  MemoryMetaStore.Faults meta() {
    return new MemoryMetaStore.Faults() {
      @Override
      public void beforeCommit(String requestId) {
        cluster.accident(node);
        chaos().travel(process());
        if (chaos().strikes(Fault.COMMIT_LOST)) {
          throw lost(ErrorCode.STORAGE_IO_FAILED, "commit " + requestId);
        }
      }

      @Override
      public Optional<Duration> landsLater(String requestId) {
        return chaos().lands(Fault.COMMIT_LATE);
      }

      @Override
      public void afterCommit(String requestId) {
        cluster.accident(node);
        chaos().travel(process());
        if (chaos().strikes(Fault.COMMIT_REPLY_LOST)) {
          throw lost(ErrorCode.STORAGE_IO_FAILED, "answer to commit " + requestId);
        }
      }

      @Override
      public void beforeRead(String keyOrPrefix) {
        chaos().travel(process());
        if (chaos().strikes(Fault.META_READ_FAILS)) {
          throw lost(ErrorCode.STORAGE_IO_FAILED, "read of " + keyOrPrefix);
        }
      }

      @Override
      public void beforeRenew() {
        chaos().travel(process());
        if (chaos().strikes(Fault.RENEWAL_FAILS)) {
          throw lost(ErrorCode.STORAGE_IO_FAILED, "renewal");
        }
      }
    };
  }

  MemoryObjectStore.Faults objects() {
    return new MemoryObjectStore.Faults() {
      /// By a compactor's edit, by a manifest, or by a pointer.
      private boolean isNamedNext(String key) {
        return key.endsWith(".manifest") || key.endsWith(".parquet");
      }

      @Override
      public void before(Operation operation, String key) {
        cluster.accident(node);
        chaos().travel(process());
        if (chaos().strikes(Fault.OBJECT_FAILS)) {
          throw lost(ErrorCode.STORAGE_IO_FAILED, operation + " " + key);
        }
      }

      @Override
      public Optional<Duration> landsLater(Operation operation, String key) {
        return chaos().lands(Fault.OBJECT_LATE);
      }

      @Override
      public void after(Operation operation, String key) {
        cluster.accident(node);
        if (operation == Operation.CREATE && isNamedNext(key)) {
          cluster.hesitate(node, Fault.HESITATES_AFTER_UPLOAD);
        }
        if (operation == Operation.CREATE && node.kind() == Kind.INDEXNODE) {
          cluster.hesitate(node, Fault.BUILDER_HESITATES);
        }
        chaos().travel(process());
        if (chaos().strikes(Fault.OBJECT_REPLY_LOST)) {
          throw lost(ErrorCode.STORAGE_IO_FAILED, "answer to " + operation + " " + key);
        }
      }
    };
  }
}
