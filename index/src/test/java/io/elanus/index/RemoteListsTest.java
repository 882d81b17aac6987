package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A file of lists that is read by ranges finds what it finds as a whole.
class RemoteListsTest {
  private static final int COUNT = 4_000;
  private static final int DIMENSION = 7;
  private static final DenseVectors VECTORS =
      DenseVectors.of(TestVectors.clustered(COUNT, DIMENSION, 40, 5), DIMENSION);
  private static final List<float[]> QUERIES = TestVectors.queriesNear(VECTORS, 20, 6);

  /// One that reads what it is told to, and counts the bytes.
  private static final class Reader {
    private final MemorySegment file;
    private final RemoteLists lists;
    private long bytes;

    Reader(MemorySegment file) {
      this.file = file;
      RemoteLists.Start start =
          RemoteLists.start(file.asSlice(0, RemoteLists.START_BYTES)).orElseThrow();
      assertThat(start.fileBytes()).isEqualTo(file.byteSize());
      long head = start.headBytes();
      this.lists = RemoteLists.open(file.asSlice(0, head));
      this.bytes = head;
    }

    Neighbors search(float[] query, int k, SearchParams params, AcceptedRows accepted) {
      for (RemoteLists.Range range : lists.missing(List.of(query), k, params, accepted)) {
        lists.arrived(range.list(), file.asSlice(range.offset(), range.bytes()));
        bytes += range.bytes();
      }
      assertThat(lists.missing(List.of(query), k, params, accepted)).isEmpty();
      return lists.search(List.of(query), k, params, accepted).orElseThrow().getFirst();
    }
  }

  @ParameterizedTest
  @EnumSource
  void findsWhatTheWholeFileFinds(Metric metric) {
    BuiltIndex built = built(metric);
    VectorIndex whole = VectorIndex.of(built, VECTORS);
    Reader reader = new Reader(built.file());

    for (AcceptedRows accepted : filters()) {
      for (int probes : new int[] {1, 4, 100}) {
        for (float[] query : QUERIES) {
          SearchParams params = new SearchParams.Ivf(probes);
          Neighbors expected = whole.search(query, 10, params, accepted);
          Neighbors found = reader.search(query, 10, params, accepted);
          assertThat(found.ordinals()).isEqualTo(expected.ordinals());
          assertThat(found.scores()).isEqualTo(expected.scores());
        }
      }
    }
  }

  private static List<AcceptedRows> filters() {
    return List.of(
        AcceptedRows.ALL,
        TestVectors.accept(COUNT, 0.5, 1),
        TestVectors.accept(COUNT, 0.03, 2),
        TestVectors.accept(COUNT, 0.002, 3),
        AcceptedRows.of(new long[0]));
  }

  @Test
  void theFirstSearchReadsLittle() {
    BuiltIndex built = built(Metric.L2);
    Reader reader = new Reader(built.file());

    reader.search(QUERIES.getFirst(), 10, new SearchParams.Ivf(2), AcceptedRows.ALL);

    assertThat(reader.bytes).isLessThan(built.sizeBytes() / 3);
  }

  @Test
  void listsThatAreHereAreNotAskedForAgain() {
    Reader reader = new Reader(built(Metric.L2).file());
    SearchParams params = new SearchParams.Ivf(3);
    reader.search(QUERIES.getFirst(), 10, params, AcceptedRows.ALL);
    long before = reader.bytes;

    reader.search(QUERIES.getFirst(), 20, params, AcceptedRows.ALL);

    assertThat(reader.bytes).isEqualTo(before);
  }

  @Test
  void aSearchWithoutItsListsFindsNothing() {
    Reader reader = new Reader(built(Metric.L2).file());
    SearchParams params = new SearchParams.Ivf(3);
    reader.search(QUERIES.getFirst(), 10, params, AcceptedRows.ALL);

    assertThat(reader.lists.search(QUERIES, 10, params, AcceptedRows.ALL)).isEmpty();
  }

  @Test
  void manyQueriesNameEachListOnce() {
    Reader reader = new Reader(built(Metric.L2).file());

    List<RemoteLists.Range> missing =
        reader.lists.missing(QUERIES, 10, new SearchParams.Ivf(8), AcceptedRows.ALL);

    assertThat(missing).doesNotHaveDuplicates().hasSizeGreaterThan(8);
  }

  @Test
  void everyFlippedBitOfTheHeadIsNoticed() {
    byte[] file = bytes(built(Metric.COSINE));
    int head = headBytes(file);

    for (int at = 0; at < head; at++) {
      byte[] broken = Arrays.copyOf(file, head);
      broken[at] ^= (byte) (1 << at % 8);
      assertThatThrownBy(() -> RemoteLists.open(MemorySegment.ofArray(broken)))
          .as("byte %d", at)
          .isInstanceOf(IndexCorruptException.class);
    }
  }

  @Test
  void aListWithAnotherByteIsRefused() {
    byte[] file = bytes(built(Metric.L2));
    Reader reader = new Reader(MemorySegment.ofArray(file));
    RemoteLists.Range range =
        reader.lists.missing(QUERIES, 10, new SearchParams.Ivf(1), AcceptedRows.ALL).getFirst();
    file[(int) range.offset()] ^= 1;

    assertThatThrownBy(() ->
            reader.lists.arrived(
                range.list(), MemorySegment.ofArray(file).asSlice(range.offset(), range.bytes())))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessageContaining("list %d has checksum".formatted(range.list()));
    assertThat(reader.lists.isHere(range.list())).isFalse();
  }

  @Test
  void whatHasNoSumsIsOfUseOnlyAsAWhole() throws IOException {
    for (String name : List.of("ivf-v1-l2.ivf", "ivf-v1-bit.ivf", "hnsw-v2-l2.hnsw")) {
      byte[] file = IndexBytesContract.golden(name);
      assertThat(RemoteLists.start(MemorySegment.ofArray(file))).as(name).isEmpty();
    }
  }

  @Test
  void anIndexOverNothingFindsNothing() {
    DenseVectors none = DenseVectors.of(new float[0], DIMENSION);
    BuiltIndex built =
        IndexBuilder.build(
            none, new IndexParams.Ivf(Metric.L2, 4, 1), BuildControl.onCallingThread());

    Neighbors found =
        new Reader(built.file())
            .search(new float[DIMENSION], 3, new SearchParams.Ivf(2), AcceptedRows.ALL);

    assertThat(found.size()).isZero();
  }

  private static BuiltIndex built(Metric metric) {
    IndexParams.Ivf params = new IndexParams.Ivf(metric, 32, 1);
    return IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread());
  }

  private static int headBytes(byte[] file) {
    return (int) RemoteLists.start(MemorySegment.ofArray(file)).orElseThrow().headBytes();
  }

  private static byte[] bytes(BuiltIndex built) {
    return built.file().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }
}
