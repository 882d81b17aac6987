package io.elanus.querycoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.querycoord.serving.ServingEntries;
import io.elanus.querycoord.serving.ServingState;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.MemberCodec;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Querycoord's surroundings in memory: a metastore in which nodes come and go as entries, a bucket with
/// manifests, query nodes that obey. Sizes are MiB.
final class Town {
  static final CollectionId FILMS = new CollectionId(7);

  final SimulatedRun world;
  final MemoryMetaStore meta;
  final MemoryObjectStore objects;
  final FakeQueryNodes nodes;
  private int commits;

  private Town(SimulatedRun world) {
    this.world = world;
    this.meta = new MemoryMetaStore(world);
    this.objects = new MemoryObjectStore(world);
    this.nodes = new FakeQueryNodes(world, meta);
  }

  interface Scenario {
    void play(Town town);
  }

  static void simulate(long seed, Scenario scenario) {
    SimulatedRun world = new SimulatedRun(seed);
    Town town = new Town(world);
    world.run(() -> scenario.play(town), Duration.ofMinutes(30));
  }

  QueryCoordRole leading(SimulatedProcess process) {
    Member self = new Member(new NodeId(99), QueryCoordRole.NAME, "", "test");
    QueryCoordPorts ports =
        new QueryCoordPorts(process, meta.on(MemoryMetaStore.Faults.NONE), objects, nodes);
    QueryCoordRole role = QueryCoordRole.start(QueryCoordConfig.DEFAULT, ports, self);
    assertThat(role.awaitLeading(Deadline.after(world, Duration.ofSeconds(30)))).isTrue();
    return role;
  }

  QueryCoordRole leading() {
    return leading(world.process("query"));
  }

  void rest() {
    world.sleep(Duration.ofSeconds(3));
  }

  void commit(Change change) {
    meta.commit("test-" + commits++, List.of(), List.of(change));
    rest();
  }

  private void put(String key, byte[] value) {
    commit(new Change.Put(key, value));
  }

  void comes(int node) {
    comes(node, 0);
  }

  void comes(int node, long mebibytes) {
    Member member =
        new Member(new NodeId(node), "querynode", "host-" + node, "test").with("", mebibytes << 20);
    put(MetaKeys.node("querynode", member.node()), MemberCodec.encode(member));
  }

  void isAboutToLeave(int node) {
    Member member = new Member(new NodeId(node), "querynode", "host-" + node, "test").leaving();
    put(MetaKeys.node("querynode", member.node()), MemberCodec.encode(member));
  }

  void goes(int node) {
    commit(new Change.Remove(MetaKeys.node("querynode", new NodeId(node))));
  }

  /// With the partitions `_default`, 1, and `other`, 2.
  void collection(CollectionId id, int shards) {
    put(MetaKeys.collection(id), CatalogCodec.encode(films(id, shards)).toByteArray());
  }

  private static Collection films(CollectionId id, int shards) {
    CollectionSchema schema =
        new CollectionSchema(
            "films",
            "",
            List.of(
                new Field(100, "id", "", DataType.INT64, true, false, false, false, Map.of()),
                vector(101, "v"),
                vector(102, "w")),
            0);
    return new Collection(
        id,
        new DatabaseId(1),
        "default",
        schema,
        Collections.nCopies(shards, new LogId(0)),
        List.of(
            new Partition(new PartitionId(1), Partition.DEFAULT_NAME, 1),
            new Partition(new PartitionId(2), "other", 1)),
        ConsistencyLevel.STRONG,
        Map.of(),
        1,
        0,
        1,
        1,
        CollectionState.ACTIVE);
  }

  private static Field vector(long id, String name) {
    return new Field(
        id, name, "", DataType.FLOAT_VECTOR, false, false, false, false, Map.of("dim", "4"));
  }

  void index(CollectionId collection, long field) {
    IndexDefinition index =
        new IndexDefinition(new IndexId(field), collection, field, "i" + field, Map.of(), 1);
    put(MetaKeys.index(collection, index.id()), CatalogCodec.encode(index).toByteArray());
  }

  void indexed(CollectionId collection, int shards) {
    collection(collection, shards);
    index(collection, 101);
    index(collection, 102);
  }

  /// Commits a manifest of `FILMS`: segments with ids from `firstSegment` on, of these sizes.
  void manifest(int shard, long version, int firstSegment, int... mebibytes) {
    ShardId id = new ShardId(FILMS, shard);
    List<SegmentEntry> segments =
        IntStream.range(0, mebibytes.length)
            .mapToObj(i -> segment(id, firstSegment + i, mebibytes[i]))
            .toList();
    Manifest manifest =
        new Manifest(
            id,
            version,
            1,
            0,
            Optional.empty(),
            Checkpoint.start(new Position(1, version)),
            segments,
            List.of(),
            List.of());
    objects.create(ManifestStore.keyOf(manifest), ManifestCodec.encode(manifest));
    ShardPointer pointer =
        new ShardPointer(
            id, ManifestStore.keyOf(manifest), version, 1, new Position(1, version), 0, 0, 1);
    put(MetaKeys.pointer(id), ShardPointerCodec.encode(pointer));
  }

  private static SegmentEntry segment(ShardId shard, long id, int mebibytes) {
    SegmentId segment = new SegmentId(id);
    FileRef file = new FileRef(ObjectLayout.segment(shard, segment), (long) mebibytes << 20, 1);
    return new SegmentEntry(segment, new PartitionId(1), 10, 1, 2, 0, file, List.of(), List.of());
  }

  void load(QueryCoordRole role, CollectionId collection, int replicas) {
    load(
        role,
        LoadCollectionRequest.newBuilder()
            .setCollectionId(collection.value())
            .setReplicaNumber(replicas));
  }

  void load(QueryCoordRole role, LoadCollectionRequest.Builder request) {
    role.service().loadCollection(request.build());
    rest();
  }

  LoadStateResponse state(QueryCoordRole role) {
    return role.service()
        .loadState(LoadStateRequest.newBuilder().setCollectionId(FILMS.value()).build());
  }

  ServingState stored() {
    return ServingEntries.load(meta);
  }

  String routes() {
    return stored().routes().entrySet().stream()
        .map(e -> e.getKey() + " = " + e.getValue())
        .collect(Collectors.joining("; "));
  }
}
