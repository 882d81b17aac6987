package io.elanus.simulation;

import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.SegmentId;
import io.elanus.common.object.ObjectStore;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.file.SegmentReader;
import io.elanus.simulation.ShardModel.Row;
import io.elanus.simulation.ShardModel.Vector4;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The rows of segment files, read once each.
final class SegmentContents {
  private final ObjectStore objects;
  private final Path scratch;
  private final Map<SegmentId, List<Row>> known = new HashMap<>();

  SegmentContents(ObjectStore objects, Path scratch) {
    this.objects = objects;
    this.scratch = scratch;
  }

  List<Row> rows(SegmentEntry entry, CollectionSchema schema) {
    List<Row> rows = known.get(entry.id());
    if (rows == null) {
      rows = read(entry, schema);
      known.put(entry.id(), rows);
    }
    return rows;
  }

  private List<Row> read(SegmentEntry entry, CollectionSchema schema) {
    Path file = scratch.resolve("checked-" + entry.id());
    try {
      Files.write(file, objects.read(entry.file().key()));
      try (SegmentReader reader = SegmentReader.open(file, entry, schema)) {
        return rows(reader);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Row> rows(SegmentReader reader) {
    var versions = (ColumnView.Longs) reader.column(ColumnLocation.VERSION);
    var indexes = (ColumnView.Ints) reader.column(ColumnLocation.INDEX);
    var keys = (ColumnView.Longs) reader.column(Films.ID);
    var tags = (ColumnView.Longs) reader.column(Films.TAG);
    var groups = (ColumnView.Longs) reader.column(Films.GROUP);
    var vectors = (ColumnView.Vectors) reader.column(Films.VECTOR);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < reader.rowCount(); i++) {
      Vector4 vector = Vector4.of(vectors.select(new int[] {i}).values(), 0);
      rows.add(
          new Row(
              keys.get(i),
              versions.get(i),
              indexes.get(i),
              tags.get(i),
              groups.get(i),
              vector,
              reader.entry().partition()));
    }
    return rows;
  }
}
