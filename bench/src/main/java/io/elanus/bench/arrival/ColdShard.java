package io.elanus.bench.arrival;

import com.google.protobuf.ByteString;
import io.elanus.common.format.Format;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.index.BuildControl;
import io.elanus.index.DenseVectors;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.Metric;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.segment.file.SegmentWriter;
import io.elanus.segment.tail.Tail;
import io.elanus.segment.tail.TailCut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A shard of one log that nobody leads, in the bucket and the metastore: segments of random rows, each of a
/// partition of its own, with an index of lists or without. What is to be found in it is computed while it is made.
final class ColdShard {
  static final long KEY = 100;
  static final long VECTOR = 101;
  static final long TAG = 102;
  static final int LIMIT = 10;
  private static final LogId LOG = new LogId(0);
  private static final IndexId INDEX = new IndexId(1);

  private record Near(float distance, long key, int segment) {
    static final Comparator<Near> ORDER = Comparator.comparingDouble(Near::distance);
  }

  private final ShardId shard = new ShardId(new CollectionId(1), 0);
  private final int dimension;
  private final int lists;
  private final int segments;
  private final int rowsPerSegment;
  private final Random random = new Random(1);
  private final float[] query;
  private final List<Near> near = new ArrayList<>();
  private final List<SegmentEntry> entries = new ArrayList<>();

  /// @param lists of the index of each segment; 0 for none
  ColdShard(int segments, int rowsPerSegment, int dimension, int lists) {
    this.lists = lists;
    this.segments = segments;
    this.rowsPerSegment = rowsPerSegment;
    this.dimension = dimension;
    this.query = vector();
  }

  ShardId shard() {
    return shard;
  }

  long rows() {
    return (long) segments * rowsPerSegment;
  }

  long sizeBytes() {
    return entries.stream()
        .mapToLong(entry ->
            entry.file().sizeBytes()
                + entry.indexes().stream().mapToLong(index -> index.file().sizeBytes()).sum())
        .sum();
  }

  ByteString query() {
    ByteBuffer bytes = ByteBuffer.allocate(4 * dimension).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(query);
    return ByteString.copyFrom(bytes);
  }

  /// The keys nearest to the query, of all rows.
  List<Long> nearest() {
    return near.stream().sorted(Near.ORDER).limit(LIMIT).map(Near::key).toList();
  }

  /// The same of one segment, which is a partition.
  List<Long> nearest(int segment) {
    return near.stream()
        .filter(row -> row.segment == segment)
        .sorted(Near.ORDER)
        .limit(LIMIT)
        .map(Near::key)
        .toList();
  }

  void make(MetaStore meta, ObjectStore objects, Position start, Path scratch) throws IOException {
    byte[] collection = CatalogCodec.encode(collection()).toByteArray();
    commit(meta, MetaKeys.collection(shard.collection()), collection);
    for (int segment = 0; segment < segments; segment++) {
      write(objects, scratch.resolve("segment"), segment);
    }
    Checkpoint checkpoint = new Checkpoint(start, segments, 0, 0, false, List.of());
    Manifest manifest =
        new Manifest(shard, 1, 1, 0, Optional.empty(), checkpoint, entries, List.of(), List.of());
    ObjectKey key = ManifestStore.keyOf(manifest);
    objects.create(key, ManifestCodec.encode(manifest));
    ShardPointer pointer = new ShardPointer(shard, key, 1, 1, start, segments, 0, 0);
    commit(meta, MetaKeys.pointer(shard), ShardPointerCodec.encode(pointer));
  }

  private static void commit(MetaStore meta, String key, byte[] value) {
    meta.commit("put-" + key, List.of(), List.of(new Change.Put(key, value)));
  }

  private void write(ObjectStore objects, Path file, int segment) throws IOException {
    PartitionId partition = new PartitionId(1 + segment);
    SegmentId id = new SegmentId(1 + segment);
    Tail tail =
        new Tail(schema(), new Checkpoint(new Position(0, 0), segment, 0, 0, false, List.of()));
    RecordHeader header = new RecordHeader(shard, 1, 1, 0, 1, 0, 0);
    RowBatch batch = rows(segment);
    tail.apply(new Position(0, 1), new LogRecord.Insert(header, partition, batch), segment + 1);
    var rows = TailCut.of(tail.view(), segment + 1).partitions().iterator().next().rows();
    ObjectKey key = ObjectLayout.segment(shard, id);
    SegmentEntry entry = SegmentWriter.write(file, rows).toEntry(id, partition, key, segments);
    objects.create(key, file);
    Files.delete(file);
    entries.add(lists == 0 ? entry : entry.withIndexes(List.of(index(objects, id, batch))));
  }

  private IndexEntry index(ObjectStore objects, SegmentId segment, RowBatch batch)
      throws IOException {
    float[] vectors = ((FloatVectorColumn) batch.column(schema().requireField(VECTOR))).values();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    IndexBuilder.build(
            DenseVectors.of(vectors, dimension),
            new IndexParams.Ivf(Metric.L2, lists, 1),
            BuildControl.onCallingThread())
        .writeTo(Channels.newChannel(file));
    byte[] bytes = file.toByteArray();
    ObjectKey key = ObjectLayout.index(shard, segment, INDEX, 1);
    objects.create(key, bytes);
    int sum = Format.crc32c(bytes, 0, bytes.length);
    return new IndexEntry(INDEX, VECTOR, new FileRef(key, bytes.length, sum));
  }

  private RowBatch rows(int segment) {
    long[] keys = new long[rowsPerSegment];
    float[] vectors = new float[rowsPerSegment * dimension];
    for (int row = 0; row < rowsPerSegment; row++) {
      keys[row] = (long) segment * rowsPerSegment + row;
      float[] vector = vector();
      System.arraycopy(vector, 0, vectors, row * dimension, dimension);
      near.add(new Near(distance(vector), keys[row], segment));
    }
    return new RowBatch(
        rowsPerSegment,
        new TreeMap<>(
            Map.of(
                KEY, new Int64Column(keys),
                VECTOR, new FloatVectorColumn(vectors, dimension),
                TAG, new Int64Column(keys.clone()))));
  }

  private float[] vector() {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = random.nextFloat();
    }
    return vector;
  }

  private float distance(float[] vector) {
    return (float)
        IntStream.range(0, dimension)
            .mapToDouble(i -> (double) (vector[i] - query[i]) * (vector[i] - query[i]))
            .sum();
  }

  private Collection collection() {
    return new Collection(
        shard.collection(),
        new DatabaseId(1),
        "default",
        schema(),
        List.of(LOG),
        List.of(),
        ConsistencyLevel.STRONG,
        Map.of(),
        1,
        0,
        0,
        0,
        CollectionState.ACTIVE);
  }

  private CollectionSchema schema() {
    return new CollectionSchema(
        "cold",
        "",
        List.of(
            field(KEY, "id", DataType.INT64, true, Map.of()),
            field(VECTOR, "v", DataType.FLOAT_VECTOR, false, Map.of("dim", "" + dimension)),
            field(TAG, "tag", DataType.INT64, false, Map.of())),
        0);
  }

  private static Field field(
      long id, String name, DataType type, boolean key, Map<String, String> params) {
    return new Field(id, name, "", type, key, false, false, false, params);
  }
}
