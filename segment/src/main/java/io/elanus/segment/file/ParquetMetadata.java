package io.elanus.segment.file;

import io.elanus.segment.file.ParquetColumn.Leaf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The parts of a Parquet file that say what the rest is: page headers and the footer.
///
/// Field numbers and codes are those of parquet.thrift (Apache parquet-format 2.11).
final class ParquetMetadata {
  private static final int DATA_PAGE_V2 = 3;
  private static final int PLAIN = 0;
  private static final int RLE = 3;
  private static final int REQUIRED = 0;
  private static final int OPTIONAL = 1;
  private static final int REPEATED = 2;
  private static final int CONVERTED_LIST = 3;
  private static final int LOGICAL_LIST = 3;

  private ParquetMetadata() {}

  /// Where a column chunk, which is one page, lies.
  ///
  /// @param offset of its page header
  /// @param sizeBytes header, levels and values
  record Chunk(ParquetColumn column, long offset, long sizeBytes, int valueCount) {}

  static byte[] pageHeader(PageSize page, int rowCount) {
    Levels levels = page.levels();
    return ThriftWriter.struct(header -> {
      header.i32(1, DATA_PAGE_V2);
      header.i32(2, page.bodyBytes());
      header.i32(3, page.bodyBytes());
      header.struct(
          8,
          v2 -> {
            v2.i32(1, levels.valueCount());
            v2.i32(2, levels.nullCount());
            v2.i32(3, rowCount);
            v2.i32(4, PLAIN);
            v2.i32(5, levels.definition().length);
            v2.i32(6, levels.repetition().length);
            v2.bool(7, false);
          });
    });
  }

  static byte[] footer(int rowCount, List<Chunk> chunks) {
    return ThriftWriter.struct(file -> {
      file.i32(1, 2);
      file.structList(2, schema(chunks));
      file.i64(3, rowCount);
      file.structList(4, List.of(group -> rowGroup(group, rowCount, chunks)));
      file.structList(5, List.of(ParquetMetadata::formatVersion));
      file.text(6, "elanus");
    });
  }

  private static void formatVersion(ThriftWriter pair) {
    pair.text(1, "elanus.format");
    pair.text(2, Integer.toString(SegmentWriter.FORMAT_VERSION));
  }

  private static List<Consumer<ThriftWriter>> schema(List<Chunk> chunks) {
    List<Consumer<ThriftWriter>> elements = new ArrayList<>();
    elements.add(root -> {
      root.text(4, "segment");
      root.i32(5, chunks.size());
    });
    for (Chunk chunk : chunks) {
      elements.addAll(elements(chunk.column()));
    }
    return elements;
  }

  private static List<Consumer<ThriftWriter>> elements(ParquetColumn column) {
    return column.isList()
        ? List.of(
            outer -> listOuter(outer, column),
            ParquetMetadata::listMiddle,
            element -> leaf(element, column.leaf(), REQUIRED, "element", 0))
        : List.of(leaf ->
            leaf(leaf, column.leaf(), repetition(column), column.name(), (int) column.fieldId()));
  }

  private static int repetition(ParquetColumn column) {
    return column.nullable() ? OPTIONAL : REQUIRED;
  }

  /// @param fieldId 0 for none
  private static void leaf(ThriftWriter out, Leaf leaf, int repetition, String name, int fieldId) {
    out.i32(1, leaf.physical());
    if (leaf.length() > 0) {
      out.i32(2, leaf.length());
    }
    out.i32(3, repetition);
    out.text(4, name);
    if (leaf.converted() != Leaf.NONE) {
      out.i32(6, leaf.converted());
    }
    if (fieldId != 0) {
      out.i32(9, fieldId);
    }
    if (leaf.logical() != Leaf.NONE) {
      out.struct(10, union -> union.empty(leaf.logical()));
    }
  }

  private static void listOuter(ThriftWriter outer, ParquetColumn column) {
    outer.i32(3, repetition(column));
    outer.text(4, column.name());
    outer.i32(5, 1);
    outer.i32(6, CONVERTED_LIST);
    outer.i32(9, (int) column.fieldId());
    outer.struct(10, union -> union.empty(LOGICAL_LIST));
  }

  private static void listMiddle(ThriftWriter middle) {
    middle.i32(3, REPEATED);
    middle.text(4, "list");
    middle.i32(5, 1);
  }

  private static void rowGroup(ThriftWriter group, int rowCount, List<Chunk> chunks) {
    List<Consumer<ThriftWriter>> columns = new ArrayList<>();
    chunks.forEach(chunk -> columns.add(column -> columnChunk(column, chunk)));
    long totalBytes = chunks.stream().mapToLong(Chunk::sizeBytes).sum();
    group.structList(1, columns);
    group.i64(2, totalBytes);
    group.i64(3, rowCount);
    group.i64(5, chunks.getFirst().offset());
    group.i64(6, totalBytes);
  }

  private static void columnChunk(ThriftWriter out, Chunk chunk) {
    out.i64(2, 0);
    out.struct(3, data -> columnMetadata(data, chunk));
  }

  private static void columnMetadata(ThriftWriter data, Chunk chunk) {
    ParquetColumn column = chunk.column();
    boolean list = column.isList();
    data.i32(1, column.leaf().physical());
    data.i32List(2, list || column.nullable() ? List.of(PLAIN, RLE) : List.of(PLAIN));
    data.textList(3, list ? List.of(column.name(), "list", "element") : List.of(column.name()));
    data.i32(4, 0);
    data.i64(5, chunk.valueCount());
    data.i64(6, chunk.sizeBytes());
    data.i64(7, chunk.sizeBytes());
    data.i64(9, chunk.offset());
  }
}
