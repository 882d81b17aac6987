package io.elanus.proxy.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.security.Access;
import io.elanus.common.security.Grant;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.security.Role;
import io.elanus.common.security.RoleId;
import io.elanus.common.security.User;
import io.elanus.rpc.codec.SecurityCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How old what a proxy knows of users and grants may be.
class SecurityCopyTest {
  private static final RoleId READER = new RoleId(1_000);

  private SimulatedRun world = new SimulatedRun(0);
  private MemoryMetaStore meta = new MemoryMetaStore(world);
  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicBoolean out = new AtomicBoolean();

  private void simulate(long seed, Runnable body) {
    world = new SimulatedRun(seed);
    meta = new MemoryMetaStore(world);
    world.run(body, Duration.ofMinutes(10));
  }

  private SecurityCopy open() {
    return new SecurityCopy(
        world,
        meta.on(
            new MemoryMetaStore.Faults() {
              @Override
              public void beforeRead(String keyOrPrefix) {
                if (out.get()) {
                  throw ErrorCode.STORAGE_IO_FAILED.because("out of reach");
                }
              }
            }));
  }

  private void change(Change... changes) {
    meta.commit("c" + commits.incrementAndGet(), List.of(), List.of(changes));
  }

  private void grant(String... privileges) {
    User ann = new User("ann", Optional.of(PasswordHash.decoy(1)), "", List.of(READER));
    List<Grant> grants =
        List.of(privileges).stream()
            .map(name -> new Grant("Collection", "films", "default", name, "root"))
            .toList();
    change(
        new Change.Put(MetaKeys.user("ann"), SecurityCodec.encode(ann).toByteArray()),
        new Change.Put(
            MetaKeys.role(READER),
            SecurityCodec.encode(new Role(READER, "reader", "")).toByteArray()),
        new Change.Put(
            MetaKeys.grants(READER), SecurityCodec.encode(READER, grants).toByteArray()));
  }

  private Deadline soon() {
    return Deadline.after(world, Duration.ofSeconds(10));
  }

  private static boolean maySearch(Access access) {
    return access.permits("ann", "Search", "default", Optional.of("films"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theNewestIsNeverOlderThanTheQuestion(long seed) {
    simulate(
        seed,
        () -> {
          try (SecurityCopy copy = open()) {
            for (int i = 0; i < 20; i++) {
              grant("Search");
              assertThat(maySearch(copy.newest(soon()))).isTrue();
              assertThat(maySearch(copy.current(soon()))).isTrue();
              grant();
              assertThat(maySearch(copy.newest(soon()))).isFalse();
              assertThat(maySearch(copy.current(soon()))).isFalse();
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatWasRevokedElsewhereEndsWithTheNews(long seed) {
    simulate(
        seed,
        () -> {
          grant("Search");
          try (SecurityCopy copy = open()) {
            assertThat(maySearch(copy.current(soon()))).isTrue();

            grant();
            world.sleep(Duration.ofSeconds(1));

            assertThat(maySearch(copy.current(soon()))).isFalse();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void withoutTheMetastoreWhatIsKnownCounts(long seed) {
    simulate(
        seed,
        () -> {
          grant("Search");
          try (SecurityCopy copy = open()) {
            assertThat(maySearch(copy.newest(soon()))).isTrue();

            out.set(true);
            grant();

            assertThat(maySearch(copy.newest(soon()))).isTrue();
            out.set(false);
            world.sleep(Duration.ofSeconds(10));
            assertThat(maySearch(copy.current(soon()))).isFalse();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nobodyIsAdmittedBeforeAnythingIsKnown(long seed) {
    simulate(
        seed,
        () -> {
          out.set(true);
          try (SecurityCopy copy = open()) {
            assertThatThrownBy(() -> copy.current(soon())).isInstanceOf(DbException.class);
          }
          out.set(false);
        });
  }
}
