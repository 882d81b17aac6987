package io.elanus.indexnode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.IndexSpec;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ScratchFolder;
import io.elanus.common.run.Deadline;
import io.elanus.index.BitVectors;
import io.elanus.index.BuildControl;
import io.elanus.index.BuiltIndex;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.proto.internal.AddIndexEdit;
import io.elanus.proto.internal.IndexJob;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.job.OwnerEdits;
import io.elanus.rpc.job.PulledJob;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.DenseColumn;
import io.elanus.segment.column.SparseRows;
import io.elanus.segment.file.SegmentReader;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One job: bring the segment, build the index over one field, upload it, submit the edit.
final class IndexBuild extends PulledJob {
  private static final Logger log = LoggerFactory.getLogger(IndexBuild.class);

  private final IndexJob job;
  private final IndexNodeConfig config;
  private final ScratchFolder scratch;
  private final IndexNodeRole.Ports ports;

  IndexBuild(
      IndexJob job, IndexNodeConfig config, ScratchFolder scratch, IndexNodeRole.Ports ports) {
    super(job.getJobId(), job.getLeaseMillis());
    this.job = job;
    this.config = config;
    this.scratch = scratch;
    this.ports = ports;
  }

  IndexJob job() {
    return job;
  }

  @Override
  protected void work() {
    long start = ports.run().nanoTime();
    Path segment = scratch("segment");
    Path index = scratch("index");
    try {
      SegmentEntry entry = bring(segment);
      build(segment, entry, index);
      submit(upload(index));
      log.info(
          "index built segment={} index={} rows={} millis={}",
          job.getSegmentId(),
          job.getIndexId(),
          entry.rowCount(),
          (ports.run().nanoTime() - start) / 1_000_000);
    } finally {
      scratch.remove(segment);
      scratch.remove(index);
    }
  }

  @Override
  public String toString() {
    return "build of index %d of segment %d".formatted(job.getIndexId(), job.getSegmentId());
  }

  private SegmentEntry bring(Path target) {
    Manifest manifest =
        new ManifestStore(ports.meta(), ports.objects()).read(new ObjectKey(job.getManifestKey()));
    SegmentEntry entry =
        manifest.allSegments().stream()
            .filter(segment -> segment.id().equals(new SegmentId(job.getSegmentId())))
            .findFirst()
            .orElseThrow(() -> ErrorCode.SEGMENT_NOT_FOUND.with("segment", job.getSegmentId()));
    ports.objects().download(entry.file().key(), target);
    return entry;
  }

  private void build(Path segment, SegmentEntry entry, Path target) {
    Collection collection = collection();
    Field field = collection.schema().requireField(job.getFieldId());
    IndexParams params = params(field);
    try (SegmentReader reader = SegmentReader.open(segment, entry, collection.storedSchema());
        BuildSpace space = new BuildSpace(scratch, name("build"), config.directBytes())) {
      ColumnView column = reader.column(field.id());
      BuildControl control = control(space);
      BuiltIndex index =
          ports.cpu().call(Deadline.NEVER, () -> build(column, field, params, control));
      index.writeTo(target);
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "cannot write %s: %s".formatted(target, e), e);
    }
  }

  /// Over the vectors that are there: the index knows them by rank, those in lists by their place among all.
  private BuiltIndex build(
      ColumnView column, Field field, IndexParams params, BuildControl control) {
    ColumnView values = column instanceof ColumnView.Nullables some ? some.values() : column;
    return switch (values) {
      case ColumnView.ByteStrings sparse ->
          IndexBuilder.build(new SparseRows(sparse.bytes()), params, control);
      case ColumnView.ByteVectors bits when field.type() == DataType.BINARY_VECTOR ->
          IndexBuilder.build(
              new BitVectors(bits.values(), bits.rowCount(), bits.rowBytes()), params, control);
      default -> IndexBuilder.build(DenseColumn.of(values, field), params, control);
    };
  }

  private BuildControl control(BuildSpace space) {
    return new BuildControl(
        ports.cpu().executor(),
        config.threads(),
        (done, total) -> progress((int) (100L * done / Math.max(1, total))),
        this::isCanceled,
        space);
  }

  private FileRef upload(Path file) {
    ObjectKey key =
        ObjectLayout.index(
            shard(),
            new SegmentId(job.getSegmentId()),
            new IndexId(job.getIndexId()),
            job.getAttempt());
    ports.objects().create(key, file);
    return FileRefs.of(key, file);
  }

  private void submit(FileRef file) {
    SubmitEditRequest edit =
        SubmitEditRequest.newBuilder()
            .setEditId(job.getAttempt())
            .setCollectionId(job.getCollectionId())
            .setShard(job.getShard())
            .addAddIndexes(
                AddIndexEdit.newBuilder()
                    .setSegmentId(job.getSegmentId())
                    .setIndexId(job.getIndexId())
                    .setFieldId(job.getFieldId())
                    .setObjectKey(file.key().value())
                    .setSizeBytes(file.sizeBytes())
                    .setCrc32C(file.crc32c()))
            .build();
    new OwnerEdits(ports.run(), ports.meta(), ports.peers()).submit(edit, this::isCanceled);
  }

  private Collection collection() {
    CollectionId id = new CollectionId(job.getCollectionId());
    return ports
        .meta()
        .get(MetaKeys.collection(id))
        .map(CatalogCodec::collection)
        .orElseThrow(() -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", id));
  }

  private IndexParams params(Field field) {
    CollectionId collection = new CollectionId(job.getCollectionId());
    IndexDefinition definition =
        ports
            .meta()
            .get(MetaKeys.index(collection, new IndexId(job.getIndexId())))
            .map(CatalogCodec::index)
            .orElseThrow(() -> ErrorCode.INDEX_NOT_FOUND.with("index", job.getIndexId()));
    return BuildParams.of(IndexSpec.resolve(field, definition.flatParams()), job.getSegmentId());
  }

  private ShardId shard() {
    return new ShardId(new CollectionId(job.getCollectionId()), job.getShard());
  }

  private Path scratch(String what) {
    return scratch.file(name(what));
  }

  private String name(String what) {
    return "%s-%d-%d".formatted(what, job.getJobId(), job.getAttempt());
  }
}
