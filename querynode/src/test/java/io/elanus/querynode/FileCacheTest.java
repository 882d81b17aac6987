package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.format.Format;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.MemoryObjectStore.Faults;
import io.elanus.common.object.MemoryObjectStore.Operation;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.run.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
  private final SimulatedRun run = new SimulatedRun(1);
  private final MemoryObjectStore bucket = new MemoryObjectStore(run);

  @TempDir Path folder;

  @Test
  void whatNobodyUsesMakesPlaceTheLeastRecentlyUsedFirst() {
    simulate(() -> {
      FileCache cache = cache(250, Long.MAX_VALUE);
      use(cache, object("a", 100));
      use(cache, object("b", 100));
      use(cache, object("a", 100));

      use(cache, object("c", 100));

      assertThat(onDisk()).containsExactly("a", "c");
      assertThat(cache.diskBytes()).isEqualTo(200);
      assertThat(cache.counts()).isEqualTo(new FileCache.Counts(1, 3, 300, 1));
    });
  }

  @Test
  void whatIsInUseStaysAndALoadThatDoesNotFitFailsClearly() {
    simulate(() -> {
      FileCache cache = cache(250, Long.MAX_VALUE);
      cache.acquire(object("a", 100));
      cache.acquire(object("b", 100));
      FileRef c = object("c", 100);

      assertThatThrownBy(() -> cache.acquire(c))
          .isInstanceOfSatisfying(
              DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_LIMIT_EXCEEDED))
          .hasMessageContaining("c of 100 bytes does not fit the disk cache");

      cache.release(object("a", 100));
      use(cache, c);
      assertThat(onDisk()).containsExactly("b", "c");
    });
  }

  @Test
  void memoryIsAskedForBeforeAFileIsUsed() {
    simulate(() -> {
      FileCache cache = cache(Long.MAX_VALUE, 150);
      FileRef a = object("a", 100);
      cache.acquire(a);
      cache.acquire(a);
      FileRef b = object("b", 100);

      assertThatThrownBy(() -> cache.acquire(b))
          .isInstanceOfSatisfying(
              DbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_LIMIT_EXCEEDED));
      cache.release(a);
      assertThat(cache.memoryBytes()).as("used twice, mapped once").isEqualTo(100);
      cache.release(a);
      assertThat(cache.memoryBytes()).isZero();
      cache.acquire(b);
      assertThat(cache.memoryBytes()).isEqualTo(100);
    });
  }

  @Test
  void partsOfAFileTakeNoMoreMemoryThanTheFile() {
    simulate(() -> {
      FileCache cache = cache(Long.MAX_VALUE, 100);
      FileRef a = object("a", 100);
      cache.reservePart(a.key(), 30);
      cache.reservePart(a.key(), 40);
      assertThat(cache.memoryBytes()).isEqualTo(70);
      assertThatThrownBy(() -> cache.reservePart(object("b", 100).key(), 31))
          .isInstanceOfSatisfying(
              DbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_LIMIT_EXCEEDED));

      cache.acquire(a);
      cache.reservePart(a.key(), 10);
      assertThat(cache.memoryBytes()).isEqualTo(100);
      cache.releasePart(a.key(), 40);
      assertThat(cache.memoryBytes()).isEqualTo(100);
      cache.release(a);
      assertThat(cache.memoryBytes()).isEqualTo(40);

      cache.releasePart(a.key(), 40);
      assertThat(cache.memoryBytes()).isZero();
    });
  }

  @Test
  void aRestartFindsTheFilesAndRemovesWhatDidNotArrive() {
    simulate(() -> {
      use(cache(1_000, 1_000), object("x/a", 100));
      write(folder.resolve("x/b.arriving"), 50);

      FileCache after = cache(1_000, 1_000);
      use(after, object("x/a", 100));

      assertThat(onDisk()).containsExactly("x/a");
      assertThat(after.counts().downloads()).isZero();
      assertThat(after.diskBytes()).isEqualTo(100);
    });
  }

  @Test
  void aSmallerBudgetRemovesTheOldestAtTheStart() {
    simulate(() -> {
      write(folder.resolve("new"), 100);
      write(folder.resolve("old"), 100);
      age(folder.resolve("old"));

      FileCache cache = cache(150, 1_000);

      assertThat(onDisk()).containsExactly("new");
      assertThat(cache.diskBytes()).isEqualTo(100);
    });
  }

  @Test
  void aFileThatWasCutShortIsBroughtAgain() {
    simulate(() -> {
      write(folder.resolve("a"), 40);
      FileCache cache = cache(1_000, 1_000);

      Path path = cache.acquire(object("a", 100));

      assertThat(path).hasSize(100);
      assertThat(cache.diskBytes()).isEqualTo(100);
    });
  }

  @Test
  void aDamagedFileIsBroughtAgainForTheNextUse() {
    simulate(() -> {
      FileCache cache = cache(1_000, 1_000);
      FileRef a = object("a", 100);
      cache.acquire(a);
      cache.damaged(a);
      cache.release(a);

      use(cache, a);

      assertThat(cache.counts().downloads()).isEqualTo(2);
      assertThat(cache.diskBytes()).isEqualTo(100);
      assertThat(cache.memoryBytes()).isZero();
    });
  }

  @Test
  void manyUsersAtOnceBringAFileOnce() {
    simulate(() -> {
      ObjectStore slow =
          bucket.on(
              new Faults() {
                @Override
                public void before(Operation operation, String key) {
                  run.sleep(Duration.ofSeconds(1));
                }
              });
      FileCache cache = new FileCache(run, slow, folder, 1_000, 1_000);
      FileRef a = object("a", 100);
      List<Task> users = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        users.add(run.fork("user", () -> cache.acquire(a)));
      }
      users.forEach(Task::awaitEnd);

      assertThat(cache.counts()).isEqualTo(new FileCache.Counts(9, 1, 100, 0));
      assertThat(cache.memoryBytes()).isEqualTo(100);
    });
  }

  @Test
  void aDownloadThatFailsLeavesNothingAndCanBeTriedAgain() {
    simulate(() -> {
      boolean[] broken = {true};
      ObjectStore flaky =
          bucket.on(
              new Faults() {
                @Override
                public void before(Operation operation, String key) {
                  if (broken[0]) {
                    throw ErrorCode.STORAGE_IO_FAILED.because("no way to the bucket");
                  }
                }
              });
      FileCache cache = new FileCache(run, flaky, folder, 1_000, 1_000);
      FileRef a = object("a", 100);

      assertThatThrownBy(() -> cache.acquire(a)).hasMessageContaining("no way to the bucket");
      assertThat(cache.memoryBytes() + cache.diskBytes()).isZero();
      broken[0] = false;
      use(cache, a);
      assertThat(onDisk()).containsExactly("a");
    });
  }

  @Test
  void randomUseNeverExceedsTheBudgets() {
    simulate(() -> {
      FileCache cache = cache(400, 300);
      List<FileRef> all = Stream.of("a", "b", "c", "d", "e").map(n -> object(n, 100)).toList();
      List<FileRef> used = new ArrayList<>();
      int refused = 0;
      for (int i = 0; i < 2_000; i++) {
        if (!used.isEmpty() && run.random().nextBoolean()) {
          cache.release(used.remove(run.random().nextInt(used.size())));
        } else {
          FileRef ref = all.get(run.random().nextInt(all.size()));
          try {
            assertThat(cache.acquire(ref)).exists();
            used.add(ref);
          } catch (DbException _) {
            refused++;
          }
        }
        assertThat(cache.diskBytes()).isEqualTo(100L * onDisk().size()).isLessThanOrEqualTo(400);
        assertThat(cache.memoryBytes())
            .isEqualTo(100L * used.stream().distinct().count())
            .isLessThanOrEqualTo(300);
      }
      assertThat(refused).isPositive();
      assertThat(cache.counts().evictions()).isPositive();
    });
  }

  private void simulate(Runnable test) {
    run.run(test, Duration.ofHours(1));
  }

  private FileCache cache(long diskLimit, long memoryLimit) {
    return new FileCache(run, bucket, folder, diskLimit, memoryLimit);
  }

  private static void use(FileCache cache, FileRef ref) {
    assertThat(cache.acquire(ref)).exists();
    cache.release(ref);
  }

  private FileRef object(String name, int size) {
    byte[] bytes = new byte[size];
    ObjectKey key = new ObjectKey(name);
    bucket.create(key, bytes);
    return new FileRef(key, size, Format.crc32c(bytes, 0, size));
  }

  private List<String> onDisk() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path path, int size) {
    try {
      Files.createDirectories(path.getParent());
      Files.write(path, new byte[size]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void age(Path path) {
    try {
      Files.setLastModifiedTime(path, FileTime.fromMillis(1_000));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
