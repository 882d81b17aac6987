package io.elanus.rootcoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.Decision;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.StructField;
import io.elanus.common.run.Outcome;
import io.elanus.rootcoord.CatalogAnswer.Begun;
import io.elanus.rootcoord.CatalogAnswer.Busy;
import io.elanus.rootcoord.CatalogCommand.AddField;
import io.elanus.rootcoord.CatalogCommand.AddStruct;
import io.elanus.rootcoord.CatalogCommand.AlterAlias;
import io.elanus.rootcoord.CatalogCommand.AlterCollection;
import io.elanus.rootcoord.CatalogCommand.AlterDatabase;
import io.elanus.rootcoord.CatalogCommand.AlterField;
import io.elanus.rootcoord.CatalogCommand.AlterIndex;
import io.elanus.rootcoord.CatalogCommand.CreateAlias;
import io.elanus.rootcoord.CatalogCommand.CreateCollection;
import io.elanus.rootcoord.CatalogCommand.CreateDatabase;
import io.elanus.rootcoord.CatalogCommand.CreateIndex;
import io.elanus.rootcoord.CatalogCommand.CreatePartition;
import io.elanus.rootcoord.CatalogCommand.DropAlias;
import io.elanus.rootcoord.CatalogCommand.DropCollection;
import io.elanus.rootcoord.CatalogCommand.DropDatabase;
import io.elanus.rootcoord.CatalogCommand.DropPartition;
import io.elanus.rootcoord.CatalogCommand.FinishDdl;
import io.elanus.rootcoord.CatalogCommand.Fresh;
import io.elanus.rootcoord.CatalogCommand.RenameCollection;
import io.elanus.rootcoord.CatalogCommand.TruncateCollection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Aliases, renames, partitions and properties: what each command answers, and what the catalog is then.
class DdlRulesTest {
  private static final CatalogRules RULES = new CatalogRules(new CatalogRules.Limits(9, 9, 4));

  private static final long ADDED = 4_242;

  private CatalogState state = CatalogState.EMPTY.apply(List.of(DatabaseRules.bootstrap(1)));
  private long next = 1_000;

  @BeforeEach
  void twoCollections() {
    create("a");
    create("b");
  }

  private Fresh fresh() {
    next += 10;
    return new Fresh(next * 100, next);
  }

  private String create(String name) {
    return does(
        new CreateCollection(
            "default", Films.schema(name, 8), 1, 0, ConsistencyLevel.BOUNDED, Map.of(), fresh()));
  }

  /// The answer, and whom to wait for.
  private String does(CatalogCommand command) {
    try {
      Decision<CatalogChange, CatalogAnswer> decision = RULES.decide(state, command);
      CatalogState before = state;
      state = RULES.apply(state, decision.changes());
      assertThat(RULES.apply(CatalogState.EMPTY, state.contents().toList()))
          .as("read back")
          .isEqualTo(state);
      String changed = before.equals(state) ? " -" : "";
      return switch (decision.answer()) {
        case Outcome.Done<CatalogAnswer>(Begun(var c)) -> "begun " + c.name() + changed;
        case Outcome.Done<CatalogAnswer>(Busy(var c)) -> "busy " + c.name() + changed;
        case Outcome.Done<CatalogAnswer>(var other) -> other.getClass().getSimpleName() + changed;
        case Outcome.Failed<CatalogAnswer>(var error) -> error.code().number() + error.text();
      };
    } catch (DbException e) {
      return e.code().number() + " " + e.text();
    }
  }

  private Collection collection(String name) {
    return state.requireCollection("default", name);
  }

  private String finish(String name) {
    Collection c = collection(name);
    return does(new FinishDdl(c.id(), c.ddlSequence()));
  }

  private CollectionId id(String name) {
    return collection(name).id();
  }

  // aliases

  @Test
  void anAliasFindsItsCollection() {
    assertThat(does(new CreateAlias("default", "x", "a"))).isEqualTo("Done");
    assertThat(does(new CreateAlias("default", "x", "a"))).as("again").isEqualTo("Done -");
    assertThat(id("x")).isEqualTo(id("a"));
    assertThat(collection("a").aliases()).containsExactly("x");
    assertThat(does(new CreateAlias("default", "x", "b")))
        .isEqualTo(
            "1602 x is alias to another collection: a: alias already exist[database=default]"
                + "[alias=x]");
    assertThat(does(new CreateAlias("default", "b", "a")))
        .isEqualTo("1601 alias and collection name conflict[database=default][alias=b]");
    assertThat(does(new CreateAlias("default", "y", "x")))
        .as("of an alias")
        .isEqualTo("100 collection not found[database=default][collection=x]");
    assertThat(does(new CreateAlias("nowhere", "y", "a")))
        .isEqualTo("800 database not found[database=nowhere]");
    assertThat(create("x"))
        .isEqualTo("1601 alias and collection name conflict[database=default][alias=x]");
  }

  @Test
  void anAliasThatMovesIsHeldUntilItsFormerCollectionsLogsSaySo() {
    does(new CreateAlias("default", "x", "a"));
    long before = collection("a").ddlSequence();

    assertThat(does(new AlterAlias("default", "x", "b"))).isEqualTo("begun a");
    assertThat(id("x")).as("for new plans at once").isEqualTo(id("b"));
    assertThat(collection("a").ddlSequence()).isEqualTo(before + 1);
    assertThat(collection("b").pending()).isEmpty();
    assertThat(does(new AlterAlias("default", "x", "a"))).as("back").isEqualTo("busy a -");
    assertThat(does(new DropCollection("default", "a", Optional.empty()))).isEqualTo("busy a -");
    assertThat(finish("a")).isEqualTo("Done");
    assertThat(finish("a")).isEqualTo("Done -");
    assertThat(does(new AlterAlias("default", "x", "b"))).as("there already").isEqualTo("Done -");
    assertThat(does(new AlterAlias("default", "x", "a"))).isEqualTo("begun b");
  }

  @Test
  void anAliasThatIsMissingCannotBeAlteredButIsDroppedAlready() {
    assertThat(does(new AlterAlias("default", "x", "a")))
        .isEqualTo("1600 alias not found[database=default][alias=x]");
    assertThat(does(new DropAlias("default", "x"))).isEqualTo("Done -");
    assertThat(does(new DropAlias("none", "x"))).isEqualTo("800 database not found[database=none]");
    assertThat(does(new AlterAlias("default", "b", "a")))
        .isEqualTo("1601 alias and collection name conflict[database=default][alias=b]");
  }

  @Test
  void aDroppedAliasIsNobodysOnceTheLogsSaySo() {
    does(new CreateAlias("default", "x", "a"));

    assertThat(does(new DropCollection("default", "x", Optional.empty())))
        .isEqualTo("1100 cannot drop the collection via alias = x");
    assertThat(does(new DropCollection("default", "a", Optional.empty())))
        .isEqualTo(
            "1100 unable to drop the collection [a] because it has associated aliases [x], please"
                + " remove all aliases before dropping the collection");
    assertThat(does(new DropAlias("default", "x"))).isEqualTo("begun a");
    assertThat(does(new CreateAlias("default", "x", "b"))).isEqualTo("busy a -");
    assertThat(does(new DropAlias("default", "x"))).as("again").isEqualTo("busy a -");
    assertThat(create("x")).isEqualTo("busy a -");
    finish("a");
    assertThat(does(new CreateAlias("default", "x", "b"))).isEqualTo("Done");
    assertThat(does(new DropCollection("default", "a", Optional.empty()))).isEqualTo("begun a");
  }

  // names

  @Test
  void aFormerNameIsNobodysUntilTheLogsSaySo() {
    CollectionId id = id("a");

    assertThat(rename("a", "c")).isEqualTo("begun c");
    assertThat(id("c")).isEqualTo(id);
    assertThat(state.holder(state.requireDatabase("default"), "a")).isEmpty();
    assertThat(create("a")).isEqualTo("busy c -");
    assertThat(rename("b", "a")).isEqualTo("busy c -");
    assertThat(rename("a", "d")).as("not said to be gone").isEqualTo("busy c -");
    assertThat(does(new DropCollection("default", "a", Optional.empty()))).isEqualTo("busy c -");
    assertThat(does(new CreateAlias("default", "x", "a"))).isEqualTo("busy c -");
    assertThat(rename("c", "a")).as("back").isEqualTo("busy c -");
    finish("c");
    assertThat(create("a")).isEqualTo("CollectionIs");
    assertThat(collection("a").id()).isNotEqualTo(id);
  }

  @Test
  void whatANewNameMayNotBe() {
    does(new CreateAlias("default", "x", "a"));

    assertThat(rename("a", "a"))
        .isEqualTo("1100 collection name or database name should be different");
    assertThat(rename("a", "b"))
        .isEqualTo(
            "1100 duplicated new collection name b in database default with other collection name"
                + " or alias");
    assertThat(rename("b", "x")).isEqualTo("1100 cannot rename collection to an existing alias: x");
    assertThat(rename("x", "c"))
        .isEqualTo("1100 unsupported use an alias to rename collection, alias:x");
    assertThat(rename("nope", "c"))
        .isEqualTo("100 collection not found[database=default][collection=nope]");
    assertThat(does(new RenameCollection("default", "a", "nowhere", "c")))
        .isEqualTo("800 database not found[database=nowhere]");
  }

  @Test
  void aCollectionMovesToAnotherDatabase() {
    does(new CreateDatabase("d", Map.of(), fresh()));
    does(new CreateAlias("default", "x", "a"));

    assertThat(does(new RenameCollection("default", "a", "d", "a")))
        .isEqualTo(
            "1100 fail to rename db name, must drop all aliases of this collection before rename");
    assertThat(does(new RenameCollection("default", "b", "d", "b"))).isEqualTo("begun b");
    assertThat(state.requireCollection("d", "b").databaseName()).isEqualTo("d");
    assertThat(state.collectionsOf(state.requireDatabase("default")))
        .extracting(Collection::name)
        .containsExactly("a");
  }

  @Test
  void aDatabaseGoesWhenNobodyHoldsANameInIt() {
    does(new CreateDatabase("d", Map.of(), fresh()));
    does(new RenameCollection("default", "b", "d", "b"));
    does(new FinishDdl(state.requireCollection("d", "b").id(), 1));
    does(new RenameCollection("d", "b", "default", "b"));

    assertThat(does(new DropDatabase("d"))).isEqualTo("busy b -");
    finish("b");
    assertThat(does(new DropDatabase("d"))).isEqualTo("Done");
  }

  private String rename(String from, String to) {
    return does(new RenameCollection("default", from, "default", to));
  }

  // rows

  @Test
  void oneControlRecordAtATime() {
    assertThat(does(new TruncateCollection(id("a")))).isEqualTo("begun a");
    assertThat(does(new TruncateCollection(id("a")))).isEqualTo("busy a -");
    assertThat(rename("a", "c")).isEqualTo("busy a -");
    assertThat(does(new CreatePartition(id("a"), "p", fresh()))).isEqualTo("busy a -");
    assertThat(does(new TruncateCollection(id("b")))).as("of another one").isEqualTo("begun b");
    assertThat(does(new FinishDdl(id("a"), 7))).as("of a later one").isEqualTo("Done -");
    finish("a");
    assertThat(does(new TruncateCollection(id("a")))).isEqualTo("begun a");
    assertThat(collection("a").ddlSequence()).isEqualTo(2);
    assertThat(collection("a").pending().map(PendingDdl::effect))
        .contains(new PendingDdl.Effect.Truncated());
  }

  @Test
  void partitions() {
    CollectionId a = id("a");
    assertThat(does(new CreatePartition(a, "p", fresh()))).isEqualTo("PartitionIs");
    assertThat(does(new CreatePartition(a, "p", fresh()))).isEqualTo("PartitionIs -");
    PartitionId p = collection("a").partition("p").orElseThrow().id();

    assertThat(drop("_default", p)).isEqualTo("1100 default partition cannot be deleted");
    assertThat(drop("nope", p)).isEqualTo("Done -");
    assertThat(drop("p", new PartitionId(1))).as("another one").isEqualTo("Done -");
    assertThat(drop("p", p)).isEqualTo("begun a");
    assertThat(drop("p", p)).as("again").isEqualTo("begun a -");
    assertThat(does(new CreatePartition(a, "p", fresh()))).isEqualTo("busy a -");
    finish("a");
    assertThat(does(new CreatePartition(a, "p", fresh()))).isEqualTo("PartitionIs");
    assertThat(collection("a").partition("p").orElseThrow().id()).isNotEqualTo(p);
  }

  private String drop(String partition, PartitionId only) {
    return does(new DropPartition(id("a"), partition, only, List.<Condition>of()));
  }

  @Test
  void partitionsHaveALimit() {
    CollectionId a = id("a");
    for (int i = 1; i < PartitionRules.MAX_PARTITIONS; i++) {
      state =
          RULES.apply(
              state, RULES.decide(state, new CreatePartition(a, "p" + i, fresh())).changes());
    }

    assertThat(does(new CreatePartition(a, "more", fresh())))
        .isEqualTo("1100 partition number (1024) exceeds max configuration (1024), collection: a");
  }

  // properties

  @Test
  void propertiesOfACollection() {
    long updated = collection("a").updatedTimestamp();

    assertThat(alter(Map.of("k", "v", "collection.description", "d"))).isEqualTo("Done");
    assertThat(alter(Map.of("k", "v"))).isEqualTo("Done -");
    assertThat(collection("a").properties()).isEqualTo(Map.of("k", "v"));
    assertThat(collection("a").schema().description()).isEqualTo("d");
    assertThat(alter(Map.of("consistency_level", "Strong"))).isEqualTo("Done");
    assertThat(collection("a").consistency()).isEqualTo(ConsistencyLevel.STRONG);
    assertThat(alter(Map.of("consistency_level", "x")))
        .isEqualTo("1100 invalid consistency level: x");
    assertThat(does(new AlterCollection(id("a"), Map.of(), List.of("k", "z"), 5)))
        .isEqualTo("Done");
    assertThat(collection("a").properties()).isEmpty();
    assertThat(collection("a").updatedTimestamp()).as("the schema is the same").isEqualTo(updated);
  }

  private String alter(Map<String, String> properties) {
    return does(new AlterCollection(id("a"), properties, List.of(), 5));
  }

  @Test
  void parametersOfAField() {
    assertThat(does(new AlterField(id("a"), "title", Map.of("max_length", "7"), List.of(), 777)))
        .isEqualTo("Done");
    assertThat(collection("a").schema().requireField("title").maxLength()).isEqualTo(7);
    assertThat(collection("a").updatedTimestamp()).isEqualTo(777);
    assertThat(does(new AlterField(id("a"), "title", Map.of("max_length", "7"), List.of(), 888)))
        .isEqualTo("Done -");
    assertThat(does(new AlterField(id("a"), "x", Map.of("max_length", "7"), List.of(), 888)))
        .isEqualTo("1100 field x does not exist in collection a");
  }

  @Test
  void alteringAFieldKeepsWhatItIs() {
    does(addField(nullable("more", DataType.VARCHAR, Map.of("max_length", "9"))));
    finish("a");

    does(new AlterField(id("a"), "more", Map.of("max_length", "7"), List.of(), 777));

    assertThat(collection("a").schema().requireField("more"))
        .isEqualTo(
            nullable("more", DataType.VARCHAR, Map.of("max_length", "7"))
                .withId(Field.FIRST_ID + 3));
  }

  @Test
  void aFieldIsPartOfTheSchemaWhenItsControlRecordIsEverywhere() {
    CollectionSchema before = collection("a").schema();
    long updated = collection("a").updatedTimestamp();

    assertThat(does(addField(nullable("more", DataType.INT64, Map.of())))).isEqualTo("begun a");

    Field added = nullable("more", DataType.INT64, Map.of()).withId(before.nextFieldId());
    assertThat(collection("a").schema()).isEqualTo(before);
    assertThat(collection("a").updatedTimestamp()).isEqualTo(updated);
    assertThat(collection("a").storedSchema()).isEqualTo(before.with(added));
    assertThat(does(addField(nullable("more", DataType.INT64, Map.of())))).isEqualTo("busy a -");

    finish("a");

    assertThat(collection("a").schema()).isEqualTo(before.with(added));
    assertThat(collection("a").schema().version()).isEqualTo(before.version() + 1);
    assertThat(collection("a").updatedTimestamp()).isEqualTo(ADDED);
    assertThat(does(addField(nullable("more", DataType.INT64, Map.of()))))
        .isEqualTo("1100 field already exists, name: more");
  }

  @Test
  void addedFieldsHaveLimits() {
    assertThat(does(addField(Films.field("must", DataType.INT64, false, Map.of()))))
        .isEqualTo("1100 added field must be nullable, please check it, field name = must");
    for (int i = 0; i < 9; i++) {
      does(addField(nullable("v" + i, DataType.FLOAT_VECTOR, Map.of("dim", "4"))));
      finish("a");
    }
    assertThat(does(addField(nullable("v9", DataType.FLOAT_VECTOR, Map.of("dim", "4")))))
        .isEqualTo("1100 maximum vector field's number should be limited to 10");
    for (int i = 0; i < 52; i++) {
      assertThat(does(addField(nullable("f" + i, DataType.INT64, Map.of())))).isEqualTo("begun a");
      finish("a");
    }
    assertThat(collection("a").schema().fields().stream().map(Field::id))
        .isEqualTo(LongStream.range(100, 164).boxed().toList());
    assertThat(does(addField(nullable("f52", DataType.INT64, Map.of()))))
        .isEqualTo("1100 The number of fields has reached the maximum value 64");
  }

  @Test
  void undeclaredKeysAreAllowedOnce() {
    Field dynamic =
        new Field(0, Field.DYNAMIC_NAME, "", DataType.JSON, false, false, false, true, Map.of());

    assertThat(does(addField(dynamic))).isEqualTo("begun a");
    finish("a");
    assertThat(does(addField(dynamic))).isEqualTo("Done -");
    does(addField(nullable("more", DataType.INT64, Map.of())));
    finish("a");

    assertThat(collection("a").schema().fields().stream().map(f -> f.id() + f.name()))
        .containsExactly("100id", "101v", "102title", "104more", "103$meta");
  }

  @Test
  void aStructIsAddedWithAllItsFieldsAtOnce() {
    StructField struct = new StructField(0, "s", "", true, Map.of());
    List<Field> fields =
        List.of(
            nullable("s[a]", DataType.INT64, Map.of()), nullable("s[b]", DataType.INT64, Map.of()));
    AddStruct add = new AddStruct(id("a"), struct, fields, ADDED);

    assertThat(does(add)).isEqualTo("begun a");
    assertThat(collection("a").schema().structs()).isEmpty();
    assertThat(collection("a").storedSchema().fields().stream().map(f -> f.id() + f.name()))
        .endsWith("104s[a]", "105s[b]");
    assertThat(does(add)).isEqualTo("busy a -");
    finish("a");

    assertThat(collection("a").schema().structs().getFirst().id()).isEqualTo(103);
    assertThat(collection("a").schema().field("s[b]")).isPresent();
    assertThat(does(add)).isEqualTo("1100 field already exists, name: s");
    assertThat(does(addField(nullable("s", DataType.INT64, Map.of()))))
        .isEqualTo("1100 field already exists, name: s");
  }

  private AddField addField(Field field) {
    return new AddField(id("a"), field, ADDED);
  }

  private static Field nullable(String name, DataType type, Map<String, String> params) {
    return new Field(
        0,
        name,
        "",
        type,
        false,
        false,
        false,
        false,
        true,
        Optional.empty(),
        Optional.empty(),
        params);
  }

  @Test
  void propertiesOfADatabase() {
    assertThat(does(new AlterDatabase("default", Map.of("k", "v"), List.of()))).isEqualTo("Done");
    assertThat(does(new AlterDatabase("default", Map.of("k", "v"), List.of()))).isEqualTo("Done -");
    assertThat(state.requireDatabase("default").properties()).isEqualTo(Map.of("k", "v"));
    assertThat(does(new AlterDatabase("nowhere", Map.of("k", "v"), List.of())))
        .isEqualTo("800 database not found[database=nowhere]");
  }

  @Test
  void parametersOfAnIndex() {
    does(
        new CreateIndex(
            id("a"), 101, "v", Map.of("metric_type", "L2"), Map.of("metric_type", "L2"), fresh()));
    IndexId index = state.indexesOf(id("a")).getFirst().id();

    assertThat(does(new AlterIndex(id("a"), index, Map.of("mmap.enabled", "true"), List.of())))
        .isEqualTo("IndexIs");
    assertThat(state.indexesOf(id("a")).getFirst().params())
        .isEqualTo(Map.of("metric_type", "L2", "mmap.enabled", "true"));
    assertThat(
            does(
                new CreateIndex(
                    id("a"),
                    101,
                    "v",
                    Map.of("metric_type", "L2"),
                    Map.of("metric_type", "L2"),
                    fresh())))
        .as("created again")
        .isEqualTo("IndexIs -");
    assertThat(does(new AlterIndex(id("a"), new IndexId(1), Map.of("warmup", "sync"), List.of())))
        .isEqualTo("700 index not found[indexID=1]");
  }
}
