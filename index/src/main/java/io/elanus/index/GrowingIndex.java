package io.elanus.index;

import io.elanus.index.kernel.ValueType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// A graph over rows of float32 that come one after the other, searched while it grows. Any number of threads may search while one adds;
/// a search finds rows whose [#add] has returned, and maybe the one on its way.
///
/// It has room for a number of rows that is known from the start: what a row takes, `4 (dimension + 2 m + 1)` bytes, some `4 m / (m - 1)` for upper
/// levels and a byte for each thread that searches, is there from then on. Nothing of the server uses it yet: tails are scanned (docs/decisions/0148-shared-scans.md). What becomes of the rows in the end is built anew by [IndexBuilder], from all of them at once.
///
/// Source: Malkov and Yashunin, 2018, algorithm 1, is incremental as it stands. The row added first is on the highest level that any row
/// will be on, so that the entry never changes and nobody has to lock it.
public final class GrowingIndex {
  private static final int LOCKS = 64;

  private final HnswHeader header;
  private final DenseVectors rows;
  private final HnswInserter inserter;
  private final LinkSearch graph;
  private volatile int count;

  /// @param capacity rows that there is room for, >= 1
  /// @param params of a graph over vectors; codes would need to know the values that come
  public GrowingIndex(int capacity, int dimension, IndexParams.Hnsw params, BuildMemory memory) {
    Checks.require(capacity >= 1, "capacity %d is below 1", capacity);
    Checks.require(
        params.quantization() == Quantization.NONE, "an index that grows has no codes: %s", params);
    HnswLevels levels = HnswLevels.draw(capacity, params.m(), params.seed()).startingAtTheTop();
    this.header = header(capacity, dimension, params, levels);
    this.rows =
        new DenseVectors(
            memory.allocate((long) Float.BYTES * dimension * capacity, IndexFile.ALIGNMENT),
            capacity,
            dimension);
    MemorySegment lists = memory.allocate(header.fileBytes(), IndexFile.ALIGNMENT);
    HnswBuilder.writeEmptyLists(header, levels, lists);
    HnswLinks links = new HnswLinks(lists, header);
    Distances distances = Distances.of(rows, params.metric());
    Object[] locks = new Object[LOCKS];
    Arrays.setAll(locks, _ -> new Object());
    this.inserter = new HnswInserter(links, levels, distances, locks);
    this.graph = new LinkSearch(links, distances, new ExactScan(distances));
  }

  private static HnswHeader header(
      int capacity, int dimension, IndexParams.Hnsw params, HnswLevels levels) {
    return new HnswHeader(
        params.metric(),
        dimension,
        ValueType.FLOAT32,
        capacity,
        params.m(),
        params.efConstruction(),
        Quantization.NONE,
        params.seed(),
        levels.entry(),
        levels.top(),
        levels.upperLists(),
        false,
        false);
  }

  public int capacity() {
    return header.count();
  }

  /// Rows that searches find.
  public int count() {
    return count;
  }

  /// Adds a row, which gets the ordinal [#count].
  ///
  /// @throws IllegalArgumentException for another dimension
  /// @throws IllegalStateException when there is no room for it
  public synchronized void add(float[] vector) {
    Checks.requireDimension(vector, header.dimension());
    int row = count;
    if (row == capacity()) {
      throw new IllegalStateException("an index for %d rows is full".formatted(row));
    }
    long at = rows.rowBytes() * row;
    MemorySegment.copy(vector, 0, rows.data(), ValueLayout.JAVA_FLOAT, at, vector.length);
    VarHandle.releaseFence(); // who meets the links meets the vector
    if (row != header.entry()) {
      inserter.insert(row);
    }
    count = row + 1;
  }

  /// As [VectorIndex#search].
  public Neighbors search(float[] query, int k, SearchParams params, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    Checks.requireDimension(query, header.dimension());
    int present = count;
    return switch (SearchPlan.of(params, k, present, accepted)) {
      case SearchPlan.Scan _ -> scan(present).nearest(query, k, accepted);
      case SearchPlan.Walk plan ->
          graph
              .nearest(
                  query,
                  k,
                  plan,
                  SearchParams.NO_REFINE,
                  accepted,
                  Long.MAX_VALUE,
                  new SearchWork())
              .filter(found -> found.size() >= plan.wanted())
              .orElseGet(() -> scan(present).nearest(query, k, accepted));
    };
  }

  private ExactScan scan(int present) {
    MemorySegment some = rows.data().asSlice(0, rows.rowBytes() * present);
    DenseVectors those = new DenseVectors(some, present, header.dimension());
    return new ExactScan(Distances.of(those, header.metric()));
  }
}
