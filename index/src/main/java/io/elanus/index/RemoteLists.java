package io.elanus.index;

import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.verify;

import io.elanus.index.kernel.ValueType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/// An index of lists whose file is somewhere else. Its head is here, and says which lists a search needs and where in the file they
/// are; they are brought when a search needs them, and are used by all that come later. So the first search reads
/// little of a large file.
///
/// ```
/// start(bytes) -> open(head) -> missing(queries) -> arrived(list, bytes) ... -> search(queries)
/// ```
/// Only lists of vectors are read so: those of codes need the vectors, too. Any number of threads.
public final class RemoteLists {
  /// Of a file, for [#start].
  public static final int START_BYTES = IndexFile.HEADER_BYTES;

  private final IvfHeader header;
  private final IvfLists lists;
  private final NearestLists nearestLists;
  private final int[] sums;
  private final float[] norms;
  private final AtomicReferenceArray<Distances> here;

  /// What the start of a file says of it, before anything is proven.
  ///
  /// @param headBytes how many of its first bytes must be here before it can be searched
  /// @param fileBytes all that it has
  public record Start(int count, int dimension, ValueType type, long headBytes, long fileBytes) {}

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

  /// What `start` says; empty when the file is of use only as a whole. Throws IndexCorruptException when it is no index file.
  ///
  /// @param start the first [#START_BYTES] of the file, or more
  public static Optional<Start> start(MemorySegment start) {
    if (IndexFile.kind(start) != IndexFile.Kind.IVF_FLAT) {
      return Optional.empty();
    }
    IvfHeader header = IvfHeader.readStart(start);
    return Optional.of(
            new Start(
                header.count(),
                header.dimension(),
                header.type(),
                header.headBytes(),
                header.fileBytes()))
        .filter(_ -> header.summed());
  }

  /// Throws IndexCorruptException unless all bytes are as written.
  ///
  /// @param head as many of the file's first bytes as [Start#headBytes] says; borrowed, to be alive and unchanged while this is in use
  public static RemoteLists open(MemorySegment head) {
    long bytes = start(head).map(Start::headBytes).orElse(0L);
    IndexFile.verifySize(head, bytes);
    long end = bytes - IndexFile.CHECKSUM_BYTES;
    verifySum("the head", head, end, head.get(INT, end));
    return new RemoteLists(IvfHeader.readStart(head), head);
  }

  private static void verifySum(String what, MemorySegment bytes, long end, int expected) {
    int sum = IndexFile.checksum(bytes, end);
    verify(sum == expected, "%s has checksum 0x%08x, expected 0x%08x", what, sum, expected);
  }

  public Metric metric() {
    return header.metric();
  }

  /// The lists that must arrive before `queries` are searched for; none of them when all are here.
  public List<Range> missing(
      List<float[]> queries, int k, SearchParams params, AcceptedRows accepted) {
    Function<float[], int[]> orders = orders(k, params, accepted);
    return queries.stream()
        .flatMapToInt(query -> Arrays.stream(orders.apply(query)))
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

  /// For each of `queries` what a [VectorIndex] over the file as a whole finds; empty when a list is [#missing].
  public Optional<List<Neighbors>> search(
      List<float[]> queries, int k, SearchParams params, AcceptedRows accepted) {
    Function<float[], int[]> orders = orders(k, params, accepted);
    List<Neighbors> found = new ArrayList<>(queries.size());
    for (float[] query : queries) {
      int[] order = orders.apply(query);
      if (!Arrays.stream(order).allMatch(this::isHere)) {
        return Optional.empty();
      }
      found.add(search(query, order, wanted(k, accepted), accepted));
    }
    return Optional.of(found);
  }

  private Neighbors search(float[] query, int[] order, int wanted, AcceptedRows accepted) {
    NearestRows nearest = new NearestRows(wanted);
    ListProbe probe = new ListProbe(lists, new FromQuery(query), accepted, nearest);
    for (int list : order) {
      probe.lookThrough(list);
    }
    return nearest.nearest(wanted, metric());
  }

  /// The lists that each query looks through.
  private Function<float[], int[]> orders(int k, SearchParams params, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    int probes = nearestLists.probes(params, accepted);
    if (probes == 0) {
      int[] having = nearestLists.having(accepted);
      return _ -> having;
    }
    int wanted = wanted(k, accepted);
    return query -> nearestLists.enough(query, probes, wanted, accepted);
  }

  private int wanted(int k, AcceptedRows accepted) {
    return Math.min(k, accepted.cardinality(header.count()));
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
      return Optional.ofNullable(here.get(list)).orElseThrow();
    }
  }
}
