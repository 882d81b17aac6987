package io.elanus.rootcoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.run.Outcome;
import io.elanus.rootcoord.CatalogCommand.CreateCollection;
import io.elanus.rootcoord.CatalogCommand.CreateDatabase;
import io.elanus.rootcoord.CatalogCommand.CreateIndex;
import io.elanus.rootcoord.CatalogCommand.DropCollection;
import io.elanus.rootcoord.CatalogCommand.DropDatabase;
import io.elanus.rootcoord.CatalogCommand.DropIndex;
import io.elanus.rootcoord.CatalogCommand.ForgetCollection;
import io.elanus.rootcoord.CatalogCommand.Fresh;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What each command changes, as one line of text; what was decided is applied.
class CatalogRulesTest {
  private static final String SECOND_INDEX =
      "1100 CreateIndex failed: creating multiple indexes on same field is not supported";
  private static final CatalogRules RULES = new CatalogRules(new CatalogRules.Limits(3, 4, 4));

  private CatalogState state = CatalogState.EMPTY.apply(List.of(DatabaseRules.bootstrap(1)));
  private long next = 1_000;

  private Fresh fresh() {
    next += 10;
    return new Fresh(next * 100, next);
  }

  private String does(CatalogCommand command) {
    try {
      Decision<CatalogChange, CatalogAnswer> decision = RULES.decide(state, command);
      state = RULES.apply(state, decision.changes());
      return text(decision);
    } catch (DbException e) {
      return e.code().number() + " " + e.text();
    }
  }

  private String create(String database, String name, int dimension, int shards) {
    return does(
        new CreateCollection(
            database,
            Films.schema(name, dimension),
            shards,
            0,
            ConsistencyLevel.BOUNDED,
            Map.of(),
            fresh()));
  }

  private String createIndex(long field, String name, String... params) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < params.length; i += 2) {
      map.put(params[i], params[i + 1]);
    }
    return does(new CreateIndex(new CollectionId(1_010), field, name, map, map, fresh()));
  }

  private static String text(Decision<CatalogChange, CatalogAnswer> decision) {
    String changes =
        decision.changes().stream().map(CatalogRulesTest::text).collect(Collectors.joining("; "));
    String conditions =
        decision.conditions().isEmpty()
            ? ""
            : " if " + decision.conditions() + " else " + text(decision.onConflict());
    return text(decision.answer()) + ": " + (changes.isEmpty() ? "-" : changes) + conditions;
  }

  private static String text(Outcome<CatalogAnswer> outcome) {
    return switch (outcome) {
      case Outcome.Done<CatalogAnswer>(var answer) -> answer.getClass().getSimpleName();
      case Outcome.Failed<CatalogAnswer>(var error) -> error.code().number() + " " + error.text();
    };
  }

  private static String text(CatalogChange change) {
    return switch (change) {
      case CatalogChange.PutDatabase(var db) -> "put database %s %s".formatted(db.id(), db.name());
      case CatalogChange.RemoveDatabase(var id) -> "remove database " + id;
      case CatalogChange.PutCollection(var c) -> "put " + text(c);
      case CatalogChange.RemoveCollection(var id) -> "remove collection " + id;
      case CatalogChange.PutIndex(var i) ->
          "put index %s %s on %d %s".formatted(i.id(), i.name(), i.fieldId(), i.params());
      case CatalogChange.RemoveIndex(var i) -> "remove index " + i.id();
    };
  }

  private static String text(Collection c) {
    return "collection %s %s.%s logs %s version %d ddl %d %s%s%s"
        .formatted(
            c.id(),
            c.databaseName(),
            c.name(),
            c.shardLogs(),
            c.version(),
            c.ddlSequence(),
            c.state(),
            c.aliases().isEmpty() ? "" : " " + c.aliases(),
            c.pending().map(p -> " " + text(p)).orElse(""));
  }

  private static String text(PendingDdl pending) {
    return pending.effect().getClass().getSimpleName()
        + pending.heldNames().stream().map(PendingDdl.HeldName::name).toList();
  }

  @Test
  void databases() {
    assertThat(does(new CreateDatabase("a", Map.of(), fresh())))
        .isEqualTo("DatabaseIs: put database 1010 a");
    assertThat(does(new CreateDatabase("a", Map.of(), fresh())))
        .isEqualTo("1100 database already exist: a");
    assertThat(does(new CreateDatabase("b", Map.of(), fresh())))
        .isEqualTo("DatabaseIs: put database 1030 b");
    assertThat(does(new CreateDatabase("c", Map.of(), fresh())))
        .isEqualTo("801 exceeded the limit number of database[limit=3]");
    assertThat(does(new DropDatabase("default"))).isEqualTo("1100 can not drop default database");
    assertThat(does(new DropDatabase("x"))).isEqualTo("800 database not found[database=x]");
    create("a", "films", 8, 1);
    assertThat(does(new DropDatabase("a")))
        .isEqualTo("1100 database:a not empty, must drop all collections before drop database");
    assertThat(does(new DropDatabase("b"))).isEqualTo("Done: remove database 1030");
  }

  @Test
  void creatingACollection() {
    assertThat(create("default", "films", 8, 2))
        .isEqualTo(
            "CollectionIs: put collection 1010 default.films logs [0, 1] version 101000 ddl 0"
                + " ACTIVE");
    assertThat(create("default", "films", 8, 2)).isEqualTo("CollectionIs: -");
    assertThat(create("default", "films", 16, 2))
        .isEqualTo("1100 create duplicate collection with different parameters, collection: films");
    assertThat(create("default", "films", 8, 1))
        .isEqualTo("1100 create duplicate collection with different parameters, collection: films");
    assertThat(create("nowhere", "films", 8, 1))
        .isEqualTo("800 database not found[database=nowhere]");
    assertThat(create("default", "wide", 8, 17))
        .isEqualTo("1100 maximum shards's number should be limited to 16");
    assertThat(create("default", "more", 8, 6))
        .isEqualTo(
            "CollectionIs: put collection 1070 default.more logs [2, 3, 0, 1, 2, 3]"
                + " version 107000 ddl 0 ACTIVE");
    create("default", "c3", 8, 1);
    create("default", "c4", 8, 1);
    assertThat(create("default", "c5", 8, 1))
        .isEqualTo("102 exceeded the limit number of collections[limit=4]");
  }

  @Test
  void fieldIdsAreGivenOutInOrder() {
    create("default", "films", 8, 1);

    assertThat(state.requireCollection("default", "films").schema().fields())
        .extracting(f -> f.id() + " " + f.name())
        .containsExactly("100 id", "101 v", "102 title");
  }

  @Test
  void droppingACollectionKeepsItsNameUntilItIsForgotten() {
    create("default", "films", 8, 1);
    createIndex(101, "");

    assertThat(does(drop("films")))
        .isEqualTo(
            "Begun: put collection 1010 default.films logs [0] version 101001 ddl 1 DROPPING");
    assertThat(does(drop("films"))).isEqualTo("Begun: -");
    assertThat(create("default", "films", 16, 1)).isEqualTo("Busy: -");
    assertThat(createIndex(102, "")).isEqualTo("100 collection not found[collection=1010]");
    assertThat(state.collectionsOf(state.requireDatabase("default"))).isEmpty();
    assertThat(does(new ForgetCollection(new CollectionId(1_010))))
        .isEqualTo("Done: remove collection 1010; remove index 1020");
    assertThat(does(new ForgetCollection(new CollectionId(1_010)))).isEqualTo("Done: -");
    assertThat(does(drop("films"))).isEqualTo("Done: -");
    assertThat(create("default", "films", 16, 1))
        .startsWith("CollectionIs: put collection 1050 default.films");
    assertThat(does(new DropCollection("default", "films", Optional.of(new CollectionId(1_010)))))
        .as("again, when its successor has the name")
        .isEqualTo("Done: -");
    assertThat(does(new DropCollection("nowhere", "films", Optional.empty())))
        .isEqualTo("800 database not found[database=nowhere]");
  }

  private static DropCollection drop(String name) {
    return new DropCollection("default", name, Optional.empty());
  }

  @Test
  void creatingAnIndex() {
    create("default", "films", 8, 1);

    assertThat(createIndex(101, "", "index_type", "HNSW", "metric_type", "L2"))
        .isEqualTo("IndexIs: put index 1020 v on 101 {index_type=HNSW, metric_type=L2}");
    assertThat(createIndex(101, "", "metric_type", "L2", "index_type", "HNSW"))
        .isEqualTo("IndexIs: -");
    assertThat(createIndex(101, "v", "index_type", "HNSW", "metric_type", "L2"))
        .isEqualTo("IndexIs: -");
    assertThat(createIndex(101, "v", "index_type", "HNSW", "metric_type", "IP"))
        .isEqualTo("1100 CreateIndex failed: at most one distinct index is allowed per field");
    assertThat(createIndex(102, "v"))
        .isEqualTo("1100 CreateIndex failed: at most one distinct index is allowed per field");
    assertThat(createIndex(101, "w", "index_type", "HNSW", "metric_type", "L2"))
        .isEqualTo(SECOND_INDEX);
    assertThat(createIndex(177, "z")).isEqualTo("1700 field not found[fieldID=177]");
    assertThat(createIndex(102, "t")).isEqualTo("IndexIs: put index 1090 t on 102 {}");
  }

  @Test
  void aJsonFieldHasAnIndexForEachPathInIt() {
    does(
        new CreateCollection(
            "default",
            new CollectionSchema(
                "films", "", List.of(Films.field("facts", DataType.JSON, false, Map.of())), 0),
            1,
            0,
            ConsistencyLevel.BOUNDED,
            Map.of(),
            fresh()));

    assertThat(createIndex(100, "t/a", "json_path", "a"))
        .isEqualTo("IndexIs: put index 1020 t/a on 100 {json_path=a}");
    assertThat(createIndex(100, "t/b", "json_path", "b"))
        .isEqualTo("IndexIs: put index 1030 t/b on 100 {json_path=b}");
    assertThat(createIndex(100, "t/b", "json_path", "b")).isEqualTo("IndexIs: -");
    assertThat(createIndex(100, "other", "json_path", "b")).isEqualTo(SECOND_INDEX);
  }

  @Test
  void aFieldOfAnotherTypeHasOneIndexWhateverPathIsNamed() {
    create("default", "films", 8, 1);

    createIndex(101, "v", "json_path", "a");
    assertThat(createIndex(101, "w", "json_path", "b")).isEqualTo(SECOND_INDEX);
    createIndex(102, "t");
    assertThat(createIndex(102, "u", "json_path", "b")).isEqualTo(SECOND_INDEX);
  }

  @Test
  void rowsLiveAsLongAsAllOthersOrAsEachSays() {
    does(
        new CreateCollection(
            "default",
            new CollectionSchema(
                "films",
                "",
                List.of(Films.field("until", DataType.TIMESTAMPTZ, false, Map.of())),
                0),
            1,
            0,
            ConsistencyLevel.BOUNDED,
            Map.of("collection.ttl.seconds", "60"),
            fresh()));
    String both =
        "1100 collection TTL and ttl field cannot be set at the same time: invalid parameter";

    assertThat(alter(Map.of("ttl_field", "until"))).isEqualTo(both);
    assertThat(alter(Map.of("ttl_field", "x")))
        .isEqualTo("1100 ttl field name x not found in schema: invalid parameter");
    assertThat(alter(Map.of(), "collection.ttl.seconds")).startsWith("Done: put collection");
    assertThat(alter(Map.of("ttl_field", "until"))).startsWith("Done: put collection");
    assertThat(alter(Map.of("collection.ttl.seconds", "60"))).isEqualTo(both);
  }

  private String alter(Map<String, String> set, String... removed) {
    return does(
        new CatalogCommand.AlterCollection(
            new CollectionId(1_010), set, List.of(removed), fresh().timestamp()));
  }

  @Test
  void droppingAnIndexOfAVectorNeedsTheCollectionReleased() {
    create("default", "films", 8, 1);
    createIndex(101, "");
    createIndex(102, "");
    CollectionId films = new CollectionId(1_010);

    assertThat(does(new DropIndex(films, new IndexId(1_020))))
        .isEqualTo(
            "Done: remove index 1020 if [Absent[key=load/0000000000000001010]]"
                + " else 1100 vector index cannot be dropped on loaded collection: 1010");
    assertThat(does(new DropIndex(films, new IndexId(1_030)))).isEqualTo("Done: remove index 1030");
    assertThat(does(new DropIndex(films, new IndexId(1_030)))).isEqualTo("Done: -");
  }
}
