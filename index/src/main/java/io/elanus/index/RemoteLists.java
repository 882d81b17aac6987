package io.elanus.index;

import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.verify;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// An index of lists whose file is somewhere else. Its head is here, and says which lists a search needs and where in the file they
/// are; they are brought when a search needs them, and are used by all that come later. So the first search reads
/// little of a large file.
///
/// ```
/// headBytes(start) -> open(head) -> missing(queries) -> arrived(list, bytes) ... -> search(query)
/// ```
/// Only lists of vectors are read so: those of codes need the vectors, too. Any number of threads.
public final class RemoteLists {
  /// Of a file, by which [#headBytes] knows it.
  public static final int START_BYTES = IndexFile.HEADER_BYTES;

  private final IvfHeader header;
  private final IvfLists lists;
  private final NearestLists nearestLists;
  private final int[] sums;
  private final float[] norms;
  private final AtomicReferenceArray<Distances> here;

  /// Where the vectors of a list are in the file.
  public record Range(int list, long offset, long bytes) {}

  private RemoteLists(IvfHeader header, MemorySegment head) {
    this.header = header;
    this.lists = IvfLists.read(header, head);
    this.nearestLists = NearestLists.of(header, lists, head);
    this.sums = new int[lists.count()];
    MemorySegment.copy(head, INT, header.sumsStart(), sums, 0, sums.length);
    this.norms = header.hasNorms() ? IvfLists.readNorms(header, head) : new float[0];
    this.here = new AtomicReferenceArray<>(lists.count());
  }

  /// How many of its first bytes a file must have here before it can be searched; 0 when it is of use only as a whole. Throws
  /// IndexCorruptException when it is no index file.
  ///
  /// @param start the first [#START_BYTES] of the file, or more
  public static long headBytes(MemorySegment start) {
    if (IndexFile.kind(start) != IndexFile.Kind.IVF_FLAT) {
      return 0;
    }
    IvfHeader header = IvfHeader.readStart(start);
    return header.summed() ? header.headBytes() : 0;
  }

  /// Throws IndexCorruptException unless all bytes are as written.
  ///
  /// @param head as many of the file's first bytes as [#headBytes] says; borrowed, to be alive and unchanged while this is in use
  public static RemoteLists open(MemorySegment head) {
    long bytes = headBytes(head);
    IndexFile.verifySize(head, bytes);
    long end = bytes - IndexFile.CHECKSUM_BYTES;
    verifySum("the head", head, end, head.get(INT, end));
    return new RemoteLists(IvfHeader.readStart(head), head);
  }

  private static void verifySum(String what, MemorySegment bytes, long end, int expected) {
    int sum = IndexFile.checksum(bytes, end);
    verify(sum == expected, "%s has checksum 0x%08x, expected 0x%08x", what, sum, expected);
  }

  public int count() {
    return header.count();
  }

  public int dimension() {
    return header.dimension();
  }

  public Metric metric() {
    return header.metric();
  }

  /// The lists that must arrive before `queries` are searched for; none of them when all are here.
  public List<Range> missing(
      List<float[]> queries, int k, SearchParams params, AcceptedRows accepted) {
    return queries.stream()
        .flatMapToInt(query -> Arrays.stream(order(query, k, params, accepted)))
        .distinct()
        .filter(list -> !isHere(list))
        .sorted()
        .mapToObj(this::range)
        .toList();
  }

  public boolean isHere(int list) {
    return lists.size(list) == 0 || here.get(list) != null;
  }

  private Range range(int list) {
    long rowBytes = header.rowBytes();
    long offset = header.vectorsStart() + lists.start(list) * rowBytes;
    return new Range(list, offset, lists.size(list) * rowBytes);
  }

  /// Throws IndexCorruptException unless the bytes are those of the list.
  ///
  /// @param bytes of the file in the list's range; borrowed, to be alive and unchanged while this is in use
  public void arrived(int list, MemorySegment bytes) {
    verifySum("list " + list, bytes, bytes.byteSize(), sums[list]);
    DenseVectors rows =
        new DenseVectors(bytes, lists.size(list), header.dimension(), header.type());
    Distances distances = Distances.of(rows, header.metric());
    here.set(list, header.hasNorms() ? distances.withInverseNorms(norms(list)) : distances);
  }

  private float[] norms(int list) {
    return Arrays.copyOfRange(norms, lists.start(list), lists.end(list));
  }

  /// As of a [VectorIndex] over the file as a whole. Throws IllegalStateException when a list is [#missing].
  public Neighbors search(float[] query, int k, SearchParams params, AcceptedRows accepted) {
    int wanted = wanted(k, accepted);
    NearestRows nearest = new NearestRows(wanted);
    ListProbe probe = new ListProbe(lists, new FromQuery(query), accepted, nearest);
    for (int list : order(query, k, params, accepted)) {
      probe.lookThrough(list);
    }
    return nearest.nearest(wanted, metric());
  }

  private int[] order(float[] query, int k, SearchParams params, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    int probes = nearestLists.probes(params, accepted);
    return probes == 0
        ? nearestLists.having(accepted)
        : nearestLists.enough(query, probes, wanted(k, accepted), accepted);
  }

  private int wanted(int k, AcceptedRows accepted) {
    return Math.min(k, accepted.cardinality(count()));
  }

  /// Scores the rows of a list where they arrived.
  private final class FromQuery implements ListScorer {
    private final float[] query;
    private final int[] rows = new int[ListProbe.BLOCK_ROWS];
    private int at = -1;
    private Scorer scorer = (ordinals, count, out) -> {};

    FromQuery(float[] query) {
      this.query = query;
    }

    @Override
    public void score(int list, int first, int[] places, int count, float[] out) {
      if (count > 0 && list != at) {
        scorer = distances(list).from(query);
        at = list;
      }
      for (int i = 0; i < count; i++) {
        rows[i] = places[i] - first;
      }
      scorer.score(rows, count, out);
    }

    private Distances distances(int list) {
      Distances distances = here.get(list);
      if (distances == null) {
        throw new IllegalStateException("list %d is not here".formatted(list));
      }
      return distances;
    }
  }
}
