package io.elanus.adapters.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaCommitContract;
import io.elanus.common.meta.MetaLeaseContract;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.object.ObjectStoreContract;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.WalContract;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// A measured port keeps every promise of the port behind it, and says how its calls went.
class MeasuredPortsTest {
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final Run run = new SystemRun();

  @Nested
  class Commits extends MetaCommitContract {
    @Override
    protected MetaStore open() {
      return new MeasuredMetaStore(new MemoryMetaStore(run), run, meters);
    }
  }

  @Nested
  class Leases extends MetaLeaseContract {
    @Override
    protected MetaStore open() {
      return new MeasuredMetaStore(new MemoryMetaStore(run), run, meters);
    }

    @Override
    protected MetaStore another() {
      return new MemoryMetaStore(run);
    }
  }

  @Nested
  class Logs extends WalContract {
    private final MemoryWal logs = new MemoryWal(run, LOGS);

    @Override
    protected Wal open() {
      return new MeasuredWal(logs.on(MemoryWal.Faults.NONE), run, meters);
    }
  }

  @Nested
  class Objects extends ObjectStoreContract {
    private final MemoryObjectStore bucket = new MemoryObjectStore(run);

    @Override
    protected ObjectStore open() {
      return new MeasuredObjectStore(bucket.on(MemoryObjectStore.Faults.NONE), run, meters);
    }
  }

  @Test
  void countsCallsConflictsAndFailures() {
    MetaStore store = new MeasuredMetaStore(new MemoryMetaStore(run), run, meters);
    MetaStore.Change put = new MetaStore.Change.Put("key", new byte[1]);
    store.commit("one", List.of(new MetaStore.Condition.Absent("key")), List.of(put));
    store.commit("two", List.of(new MetaStore.Condition.Absent("key")), List.of(put));
    assertThat(store.lease(Duration.ofSeconds(5)).renew()).isTrue();

    assertThat(calls("elanus_meta_request", "commit")).isEqualTo(2);
    assertThat(calls("elanus_meta_request", "renew")).isEqualTo(1);
    assertThat(meters.get("elanus_meta_conflicts_total").counter().count()).isEqualTo(1);
  }

  @Test
  void countsBytesOfRecordsAndCodesOfErrors() {
    Wal wal = new MeasuredWal(new MemoryWal(run, 1), run, meters);
    wal.append(new LogId(0), new byte[30]);
    ObjectStore objects = new MeasuredObjectStore(new MemoryObjectStore(run), run, meters);
    assertThatThrownBy(() -> objects.read(new ObjectKey("nothing")))
        .isInstanceOf(DbException.class);

    assertThat(meters.get("elanus_wal_appended_bytes_total").counter().count()).isEqualTo(30);
    assertThat(calls("elanus_wal_request", "append")).isEqualTo(1);
    assertThat(calls("elanus_objects_request", "read")).isEqualTo(1);
    String code = Integer.toString(ErrorCode.STORAGE_KEY_NOT_FOUND.number());
    assertThat(
            meters
                .get("elanus_objects_failures_total")
                .tag("operation", "read")
                .tag("code", code)
                .counter()
                .count())
        .isEqualTo(1);
  }

  private long calls(String name, String operation) {
    return meters.get(name).tag("operation", operation).timer().count();
  }
}
