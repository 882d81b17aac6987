package io.elanus.adapters.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.object.ObjectStore.Created;
import io.elanus.common.object.ObjectStoreContract;
import io.elanus.common.run.Together;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class S3ObjectStoreTest extends ObjectStoreContract {
  /// Three parts, the last one short.
  private static final int LARGE_BYTES = (12 << 20) + 7;

  private final String root = TestBucket.newRoot();

  @Override
  protected ObjectStore open() {
    return TestBucket.open(run, TestBucket.endpoint(), root);
  }

  @Test
  void aLargeFileTravelsInPartsBothWays() throws IOException {
    byte[] bytes = randomBytes(LARGE_BYTES);
    Path file = folder.resolve("large");
    Files.write(file, bytes);

    assertThat(store.create(KEY, file)).isEqualTo(Created.CREATED);

    Path target = folder.resolve("target");
    store.download(KEY, target);
    assertThat(Files.mismatch(target, file)).isEqualTo(-1);
    assertThat(store.read(KEY)).isEqualTo(bytes);
    assertThat(store.size(KEY)).contains((long) LARGE_BYTES);
    assertThat(store.create(KEY, file)).isEqualTo(Created.EXISTS);
    assertThat(store.create(KEY, bytes)).isEqualTo(Created.EXISTS);
  }

  @Test
  void oneOfManyCreatorsOfALargeObjectWins() {
    List<Created> outcomes =
        Together.run(run, 5, i -> store.create(KEY, filledWith(LARGE_BYTES, (byte) i)));

    assertThat(outcomes).containsOnlyOnce(Created.CREATED);
    byte winner = (byte) outcomes.indexOf(Created.CREATED);
    assertThat(store.read(KEY)).isEqualTo(filledWith(LARGE_BYTES, winner));
  }

  @Test
  void clustersThatShareABucketDoNotSeeEachOther() {
    String other = TestBucket.newRoot();
    try (ObjectStore neighbour = TestBucket.open(run, TestBucket.endpoint(), other);
        ObjectStore whole = TestBucket.open(run, TestBucket.endpoint(), "")) {
      store.create(KEY, new byte[] {1});
      neighbour.create(KEY, new byte[] {2, 2});

      assertThat(store.read(KEY)).containsExactly(1);
      assertThat(store.list("", "", 10)).containsExactly(KEY);
      assertThat(neighbour.list("a1/", "", 10)).containsExactly(KEY);
      assertThat(whole.read(new ObjectKey(other + "/" + KEY))).containsExactly(2, 2);
    }
  }

  private static byte[] filledWith(int count, byte value) {
    byte[] bytes = new byte[count];
    java.util.Arrays.fill(bytes, value);
    return bytes;
  }
}
