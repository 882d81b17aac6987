package io.elanus.common.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.MemoryObjectStore.Faults;
import io.elanus.common.object.MemoryObjectStore.Operation;
import io.elanus.common.object.ObjectStore.Created;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryObjectStoreTest extends ObjectStoreContract {
  private final MemoryObjectStore bucket = new MemoryObjectStore(run);

  @Override
  protected ObjectStore open() {
    return bucket.on(Faults.NONE);
  }

  @Test
  void aLostRequestCreatesNothing() {
    ObjectStore broken =
        bucket.on(
            new Faults() {
              @Override
              public void before(Operation operation, String key) {
                throw ErrorCode.STORAGE_IO_FAILED.because("planned");
              }
            });

    assertFails(ErrorCode.STORAGE_IO_FAILED, () -> broken.create(KEY, new byte[] {1}));
    assertThat(store.size(KEY)).isEmpty();
  }

  @Test
  void afterALostAnswerTheObjectExists() {
    ObjectStore broken =
        bucket.on(
            new Faults() {
              @Override
              public void after(Operation operation, String key) {
                throw ErrorCode.STORAGE_IO_FAILED.because("planned");
              }
            });

    assertFails(ErrorCode.STORAGE_IO_FAILED, () -> broken.create(KEY, new byte[] {1}));
    assertThat(store.create(KEY, new byte[] {2})).isEqualTo(Created.EXISTS);
  }

  @Test
  void aLateCreateNeverReplacesAnObject() {
    ObjectStore slow =
        bucket.on(
            new Faults() {
              @Override
              public Optional<Duration> landsLater(Operation operation, String key) {
                return Optional.of(Duration.ofMillis(30));
              }
            });

    assertFails(ErrorCode.STORAGE_IO_FAILED, () -> slow.create(KEY, new byte[] {1}));
    assertThat(store.create(KEY, new byte[] {2})).isEqualTo(Created.CREATED);
    run.sleep(Duration.ofMillis(60));

    assertThat(store.read(KEY)).containsExactly(2);
  }
}
