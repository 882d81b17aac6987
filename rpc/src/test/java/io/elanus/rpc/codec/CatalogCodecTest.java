package io.elanus.rpc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Database;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.StructField;
import io.elanus.common.wal.LogId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CatalogCodecTest {
  private static MetaEntry entry(byte[] value) {
    return new MetaEntry("key", value, 1);
  }

  private static Collection films(CollectionState state) {
    Field key = new Field(100, "id", "", DataType.INT64, true, false, false, false, Map.of());
    return new Collection(
        new CollectionId(7),
        new DatabaseId(1),
        "default",
        new CollectionSchema("films", "some films", List.of(key), 3),
        List.of(new LogId(2), new LogId(0)),
        List.of(new Partition(new PartitionId(8), "_default", 5)),
        ConsistencyLevel.BOUNDED,
        Map.of("collection.ttl.seconds", "60"),
        11,
        1,
        5,
        6,
        state);
  }

  @ParameterizedTest
  @EnumSource(CollectionState.class)
  void aCollectionComesBack(CollectionState state) {
    byte[] bytes = CatalogCodec.encode(films(state)).toByteArray();

    assertThat(CatalogCodec.collection(entry(bytes))).isEqualTo(films(state));
  }

  @Test
  void whatIsUnderWayComesBackWithItsCollection() {
    PendingDdl.HeldName held = new PendingDdl.HeldName(new DatabaseId(9), "d", "films");
    for (PendingDdl.Effect effect :
        List.of(
            new PendingDdl.Effect.Renamed(),
            new PendingDdl.Effect.Truncated(),
            new PendingDdl.Effect.PartitionDropped(new PartitionId(8)),
            new PendingDdl.Effect.FieldAdded(
                films(CollectionState.ACTIVE).schema().primaryKey().withId(107), 77),
            new PendingDdl.Effect.FieldAdded(
                List.of(films(CollectionState.ACTIVE).schema().primaryKey().withId(108)),
                Optional.of(new StructField(107, "s", "", true, Map.of())),
                77))) {
      Collection films = with(films(CollectionState.ACTIVE), new PendingDdl(effect, List.of(held)));
      byte[] bytes = CatalogCodec.encode(films).toByteArray();

      assertThat(CatalogCodec.collection(entry(bytes))).isEqualTo(films);
    }
  }

  private static Collection with(Collection c, PendingDdl pending) {
    return new Collection(
        c.id(),
        c.database(),
        c.databaseName(),
        c.schema(),
        c.shardLogs(),
        c.partitions(),
        c.consistency(),
        c.properties(),
        c.version(),
        c.ddlSequence(),
        c.createdTimestamp(),
        c.updatedTimestamp(),
        c.state(),
        List.of("cinema", "movies"),
        Optional.of(pending));
  }

  @Test
  void aDatabaseComesBack() {
    Database database = new Database(new DatabaseId(9), "a", Map.of("k", "v"), 5);

    assertThat(CatalogCodec.database(entry(CatalogCodec.encode(database).toByteArray())))
        .isEqualTo(database);
  }

  @Test
  void anIndexComesBackWithItsParametersInOrder() {
    Map<String, String> params = new LinkedHashMap<>();
    params.put("metric_type", "L2");
    params.put("index_type", "HNSW");
    IndexDefinition index =
        new IndexDefinition(new IndexId(50), new CollectionId(7), 101, "v", params, 5);

    var decoded = CatalogCodec.index(entry(CatalogCodec.encode(index).toByteArray()));

    assertThat(decoded).isEqualTo(index);
    assertThat(decoded.params().keySet()).containsExactly("metric_type", "index_type");
  }

  @Test
  void aMemberComesBack() {
    Member member = new Member(new NodeId(7), "querynode", "host:19540", "0.1.0");

    assertThat(MemberCodec.decode(entry(MemberCodec.encode(member)))).isEqualTo(member);
  }

  @Test
  void bytesOfSomethingElseAreCorrupt() {
    assertThatThrownBy(() -> CatalogCodec.collection(entry(new byte[] {1, 2, 3})))
        .isInstanceOf(DbException.class)
        .hasMessage("cannot read metastore entry key");
  }
}
