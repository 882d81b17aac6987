package io.elanus.index;

import java.lang.foreign.MemorySegment;

/// Builds graphs with a code of one bit for every neighbour of a row beside its links: the graph that codes of seven bits give,
/// whose lists become [LinkedBits] then.
final class LinkedBitsBuilder {
  private LinkedBitsBuilder() {}

  /// Builds a graph in records that have all that a walk reads of a row.
  static BuiltIndex build(DenseVectors vectors, IndexParams.Paged params, BuildControl control) {
    int degree =
        LinkedBits.degreeForPages(
            vectors.dimension(),
            (int) vectors.rowBytes(),
            IndexParams.Paged.MIN_DEGREE,
            params.maxDegree());
    var graph =
        new IndexParams.Hnsw(
            params.metric(), degree / 2, params.efConstruction(), Quantization.BIT, params.seed());
    return new BuiltIndex(build(vectors, graph, true, control));
  }

  /// The file but for its checksum.
  ///
  /// @param paged whether the rows lie in the records, too
  static MemorySegment build(
      DenseVectors vectors, IndexParams.Hnsw params, boolean paged, BuildControl control) {
    MemorySegment graph =
        HnswBuilder.graph(vectors, params.with(Quantization.SQ7), control.part(0, 3));
    HnswHeader from = HnswFormat.readHeader(graph);
    HnswHeader header = from.withLinkedBits(paged);
    MemorySegment file =
        control.memory().allocate(header.fileBytes(), header.linkedBits().alignment());
    HnswFormat.writeHeader(header, file);
    copyLists(from, graph, header, file, control.part(1, 3));
    if (paged) {
      copyRows(vectors, header, file);
    }
    LinkedBitsWriter.write(header, file, vectors, control.part(2, 3));
    return file;
  }

  /// Those of level 0 into the records, filled, and all else as it is.
  private static void copyLists(
      HnswHeader from,
      MemorySegment graph,
      HnswHeader header,
      MemorySegment file,
      BuildControl control) {
    HnswLinks links = new HnswLinks(graph, from);
    HnswLinks filled = new HnswLinks(file, header);
    Scoring codes = from.readCodes(graph);
    new BuildCrew(control, header.count())
        .run(() -> {
          FullLists lists = new FullLists(links, codes);
          return row -> filled.write(0, row, lists.of(row), lists.size());
        });
    long rest = from.normsStart() + from.normsBytes() - from.slotsStart();
    MemorySegment.copy(graph, from.slotsStart(), file, header.slotsStart(), rest);
  }

  private static void copyRows(DenseVectors vectors, HnswHeader header, MemorySegment file) {
    MemorySegment target = header.rowsInRecords(file);
    long bytes = vectors.rowBytes();
    for (int row = 0; row < header.count(); row++) {
      MemorySegment.copy(vectors.data(), bytes * row, target, header.baseStride() * row, bytes);
    }
  }
}
