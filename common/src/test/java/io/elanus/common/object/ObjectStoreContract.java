package io.elanus.common.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectStore.Created;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.run.Task;
import io.elanus.common.run.Together;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every [ObjectStore] promises. An adapter's test extends this and opens its store.
public abstract class ObjectStoreContract {
  protected static final ObjectKey KEY = new ObjectKey("a1/c1/s0/segment/01.parquet");

  protected final Run run = new SystemRun();
  protected ObjectStore store;

  @TempDir protected Path folder;

  /// A new, empty store.
  protected abstract ObjectStore open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void anObjectIsReadAsItWasCreated() {
    byte[] bytes = randomBytes(100_000);

    assertThat(store.create(KEY, bytes)).isEqualTo(Created.CREATED);

    assertThat(store.read(KEY)).isEqualTo(bytes);
    assertThat(store.size(KEY)).contains(100_000L);
  }

  @Test
  void anObjectMayBeEmpty() {
    store.create(KEY, new byte[0]);

    assertThat(store.read(KEY)).isEmpty();
    assertThat(store.read(KEY, 0, 0)).isEmpty();
    assertThat(store.size(KEY)).contains(0L);
  }

  @Test
  void anObjectIsCreatedOnceAndNeverChanged() {
    store.create(KEY, new byte[] {1});

    assertThat(store.create(KEY, new byte[] {2, 2})).isEqualTo(Created.EXISTS);

    assertThat(store.read(KEY)).containsExactly(1);
  }

  @Test
  void oneOfManyCreatorsWinsAndItsBytesStay() {
    for (int round = 0; round < 10; round++) {
      ObjectKey key = new ObjectKey("race/" + round);
      List<Created> outcomes =
          Together.run(run, 20, i -> store.create(key, filled(10_000, (byte) i)));

      assertThat(outcomes).containsOnlyOnce(Created.CREATED);
      byte winner = (byte) outcomes.indexOf(Created.CREATED);
      assertThat(store.read(key)).isEqualTo(filled(10_000, winner));
    }
  }

  @Test
  void aReaderSeesAllOfAnObjectOrNothing() {
    byte[] bytes = filled(3_000_000, (byte) 7);
    Task creator = run.fork("creator", () -> store.create(KEY, bytes));

    while (store.size(KEY).isEmpty()) {
      assertThat(creator.isDone() && store.size(KEY).isEmpty()).isFalse();
    }

    assertThat(store.read(KEY)).isEqualTo(bytes);
    Together.finish(run, creator);
  }

  @Test
  void theBytesAreTakenWhenTheyAreGiven() {
    byte[] bytes = {1, 2, 3};
    store.create(KEY, bytes);
    bytes[0] = 9;

    store.read(KEY)[1] = 9;

    assertThat(store.read(KEY)).containsExactly(1, 2, 3);
  }

  @Test
  void aFileBecomesAnObjectAndStaysTheCallers() throws IOException {
    Path file = folder.resolve("finished");
    byte[] bytes = randomBytes(50_000);
    Files.write(file, bytes);

    assertThat(store.create(KEY, file)).isEqualTo(Created.CREATED);
    Files.write(file, new byte[] {1});

    assertThat(store.read(KEY)).isEqualTo(bytes);
    assertThat(store.create(KEY, file)).isEqualTo(Created.EXISTS);
    assertThat(store.read(KEY)).isEqualTo(bytes);
  }

  @Test
  void aFileThatIsMissingCreatesNothing() {
    assertFails(
        ErrorCode.STORAGE_IO_FAILED, () -> store.create(KEY, folder.resolve("no such file")));

    assertThat(store.size(KEY)).isEmpty();
  }

  @Test
  void aRangeIsReadExactly() {
    byte[] bytes = randomBytes(10_000);
    store.create(KEY, bytes);

    assertThat(store.read(KEY, 0, 10_000)).isEqualTo(bytes);
    assertThat(store.read(KEY, 1234, 777)).isEqualTo(Arrays.copyOfRange(bytes, 1234, 2011));
    assertThat(store.read(KEY, 9_999, 1)).containsExactly(bytes[9_999]);
    assertThat(store.read(KEY, 10_000, 0)).isEmpty();
  }

  @Test
  void aRangeTheObjectLacksIsCorruption() {
    store.create(KEY, new byte[10]);

    assertFails(ErrorCode.CORRUPT, () -> store.read(KEY, 0, 11));
    assertFails(ErrorCode.CORRUPT, () -> store.read(KEY, 10, 1));
    assertFails(ErrorCode.CORRUPT, () -> store.read(KEY, Long.MAX_VALUE, 1));
  }

  @Test
  void aRangeThatCannotBeIsRefused() {
    store.create(KEY, new byte[10]);

    assertFails(ErrorCode.INVALID_PARAMETER, () -> store.read(KEY, -1, 1));
    assertFails(ErrorCode.INVALID_PARAMETER, () -> store.read(KEY, 0, -1));
  }

  @Test
  void whatIsNotThereIsNamed() {
    Path target = folder.resolve("target");

    assertFails(ErrorCode.STORAGE_KEY_NOT_FOUND, () -> store.read(KEY));
    assertFails(ErrorCode.STORAGE_KEY_NOT_FOUND, () -> store.read(KEY, 0, 1));
    assertFails(ErrorCode.STORAGE_KEY_NOT_FOUND, () -> store.download(KEY, target));
    assertThat(store.size(KEY)).isEmpty();
    assertThat(target).doesNotExist();
  }

  @Test
  void theFolderOfAnObjectIsNoObject() {
    store.create(KEY, new byte[1]);
    ObjectKey parent = new ObjectKey("a1/c1/s0");

    assertThat(store.size(parent)).isEmpty();
    assertFails(ErrorCode.STORAGE_KEY_NOT_FOUND, () -> store.read(parent));
    store.delete(parent);
    assertThat(store.size(KEY)).isPresent();
  }

  @Test
  void aDownloadIsTheObject() throws IOException {
    byte[] bytes = randomBytes(300_000);
    store.create(KEY, bytes);
    Path target = folder.resolve("target");

    store.download(KEY, target);

    assertThat(Files.readAllBytes(target)).isEqualTo(bytes);
  }

  @Test
  void aDownloadOutlivesItsObject() throws IOException {
    store.create(KEY, new byte[] {1, 2});
    Path target = folder.resolve("target");
    store.download(KEY, target);

    store.delete(KEY);

    assertThat(Files.readAllBytes(target)).containsExactly(1, 2);
  }

  @Test
  void aDownloadIsDeletedWithoutHarmToTheObject() throws IOException {
    store.create(KEY, new byte[] {1, 2});
    Path target = folder.resolve("target");
    store.download(KEY, target);

    Files.delete(target);

    assertThat(store.read(KEY)).containsExactly(1, 2);
  }

  @Test
  void aDownloadNeverReplacesAFile() throws IOException {
    store.create(KEY, new byte[] {1});
    Path target = folder.resolve("target");
    Files.write(target, new byte[] {9});

    assertFails(ErrorCode.STORAGE_IO_FAILED, () -> store.download(KEY, target));

    assertThat(Files.readAllBytes(target)).containsExactly(9);
  }

  @Test
  void aDeletedObjectIsGoneAndMayBeMadeAgain() {
    store.create(KEY, new byte[] {1});

    store.delete(KEY);
    assertThat(store.size(KEY)).isEmpty();
    store.delete(KEY);

    assertThat(store.create(KEY, new byte[] {2})).isEqualTo(Created.CREATED);
    assertThat(store.read(KEY)).containsExactly(2);
  }

  @Test
  void deletingBesideCreatingHarmsNeither() {
    Together.run(
        run,
        8,
        writer -> {
          for (int i = 0; i < 30; i++) {
            ObjectKey key = new ObjectKey("shared/deep/folder/%d-%d".formatted(writer, i));
            assertThat(store.create(key, new byte[] {1})).isEqualTo(Created.CREATED);
            store.delete(key);
          }
          return "done";
        });

    assertThat(store.list("", "", 10)).isEmpty();
  }

  @Test
  void aListIsInTheOrderOfKeys() {
    List<String> keys =
        List.of("b", "a/c", "a-b", "a/b/c", "a/b.d", "a.x", "a0", "A/z", "a/b/a", "z/z/z/z");
    keys.forEach(key -> store.create(new ObjectKey(key), new byte[] {1}));

    assertThat(list("", "", 100)).isEqualTo(keys.stream().sorted().toList());
  }

  @Test
  void aListHasThePrefixAndNothingElse() {
    Stream.of("p/a", "p/b", "p/bb/c", "pq/a", "q/a", "o")
        .forEach(key -> store.create(new ObjectKey(key), new byte[] {1}));

    assertThat(list("p/", "", 100)).containsExactly("p/a", "p/b", "p/bb/c");
    assertThat(list("p/b", "", 100)).containsExactly("p/b", "p/bb/c");
    assertThat(list("p", "", 100)).containsExactly("p/a", "p/b", "p/bb/c", "pq/a");
    assertThat(list("p/b/", "", 100)).isEmpty();
    assertThat(list("nothing/", "", 100)).isEmpty();
  }

  @Test
  void aListGoesOnAfterAKeyThatMayBeGone() {
    Stream.of("a", "b", "d").forEach(key -> store.create(new ObjectKey(key), new byte[] {1}));

    assertThat(list("", "a", 100)).containsExactly("b", "d");
    assertThat(list("", "c", 100)).containsExactly("d");
    assertThat(list("", "d", 100)).isEmpty();
    assertThat(list("b", "a", 100)).containsExactly("b");
    assertThat(list("a", "b", 100)).isEmpty();
  }

  @Test
  void pagesTogetherAreTheWholeList() {
    List<String> keys = IntStream.range(0, 57).mapToObj("f%02d/x"::formatted).sorted().toList();
    keys.forEach(key -> store.create(new ObjectKey(key), new byte[] {1}));

    List<String> paged = new ArrayList<>();
    List<String> page = list("f", "", 10);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(10);
      paged.addAll(page);
      page = list("f", paged.getLast(), 10);
    }

    assertThat(paged).isEqualTo(keys);
  }

  @Test
  void aListWithoutRoomIsRefused() {
    assertFails(ErrorCode.INVALID_PARAMETER, () -> store.list("", "", 0));
  }

  @Test
  void longKeysAndAllLettersAreTaken() {
    ObjectKey odd = new ObjectKey("-._/..a/.b/AZaz09");
    ObjectKey longest = new ObjectKey(("x".repeat(200) + "/").repeat(2) + "y".repeat(110));

    for (ObjectKey key : List.of(odd, longest)) {
      assertThat(store.create(key, new byte[] {1})).isEqualTo(Created.CREATED);
      assertThat(store.read(key)).containsExactly(1);
    }
    assertThat(store.list("", "", 10)).containsExactly(odd, longest);
  }

  @Test
  void aClosedStoreRefusesEverything() {
    store.create(KEY, new byte[1]);
    store.close();

    assertFails(ErrorCode.STORAGE_IO_FAILED, () -> store.read(KEY));
    assertFails(ErrorCode.STORAGE_IO_FAILED, () -> store.create(KEY, new byte[1]));
    assertFails(ErrorCode.STORAGE_IO_FAILED, () -> store.list("", "", 1));
  }

  private List<String> list(String prefix, String after, int limit) {
    return store.list(prefix, after, limit).stream().map(ObjectKey::value).toList();
  }

  protected static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static byte[] filled(int count, byte value) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, value);
    return bytes;
  }

  protected static void assertFails(ErrorCode code, ThrowingCallable action) {
    assertThat(Assertions.catchThrowableOfType(DbException.class, action))
        .as("expected %s", code)
        .isNotNull()
        .extracting(DbException::code)
        .isEqualTo(code);
  }
}
