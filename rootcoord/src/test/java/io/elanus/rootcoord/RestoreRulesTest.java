package io.elanus.rootcoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Database;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.wal.LogId;
import io.elanus.rootcoord.CatalogAnswer.Begun;
import io.elanus.rootcoord.CatalogAnswer.CollectionIs;
import io.elanus.rootcoord.CatalogAnswer.Done;
import io.elanus.rootcoord.CatalogCommand.Fresh;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Collections on their way from a snapshot to their users.
class RestoreRulesTest {
  private static final CollectionId OLD = new CollectionId(7);
  private static final CollectionId NEW = new CollectionId(70);
  private static final Condition WANTED = new Condition.RevisionIs(MetaKeys.restore(5), 12);

  private final CatalogRules rules = new CatalogRules(new CatalogRules.Limits(4, 3, 2));
  private CatalogState state =
      CatalogState.EMPTY.apply(List.of(DatabaseRules.bootstrap(1), put(source())));

  private static CatalogChange put(Collection collection) {
    return new CatalogChange.PutCollection(collection);
  }

  private static Collection source() {
    Field key = new Field(104, "id", "", DataType.INT64, true, false, false, false, Map.of());
    return new Collection(
        OLD,
        Database.DEFAULT_ID,
        Database.DEFAULT_NAME,
        new CollectionSchema("films", "of old", List.of(key), 3),
        List.of(new LogId(0), new LogId(1)),
        List.of(
            new Partition(new PartitionId(8), "_default", 1),
            new Partition(new PartitionId(9), "silent", 2)),
        ConsistencyLevel.BOUNDED,
        Map.of("a", "b"),
        4,
        2,
        1,
        3,
        CollectionState.ACTIVE);
  }

  private static CatalogCommand.BeginRestore begin(String name) {
    var index = new IndexDefinition(new IndexId(50), OLD, 104, "i", Map.of("index_type", "X"), 1);
    return new CatalogCommand.BeginRestore(
        NEW, Database.DEFAULT_NAME, name, source(), List.of(index), new Fresh(99, 71), WANTED);
  }

  private CatalogAnswer run(CatalogCommand command) {
    Decision<CatalogChange, CatalogAnswer> decision = rules.decide(state, command);
    state = rules.apply(state, decision.changes());
    return decision.answer().orThrow();
  }

  private Collection made() {
    return Optional.ofNullable(state.collections().get(NEW)).orElseThrow();
  }

  private void assertRefused(CatalogCommand command, ErrorCode code, String text) {
    assertThatThrownBy(() -> rules.decide(state, command))
        .isInstanceOfSatisfying(
            DbException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).contains(text);
            });
  }

  @Test
  void itIsMadeAsTheOtherOneWasAndNobodySeesIt() {
    assertThat(rules.decide(state, begin("copy")).conditions()).containsExactly(WANTED);

    run(begin("copy"));

    Collection made = made();
    assertThat(made.state()).isEqualTo(CollectionState.RESTORING);
    assertThat(made.schema().fields()).isEqualTo(source().schema().fields());
    assertThat(made.name()).isEqualTo("copy");
    assertThat(made.shardCount()).isEqualTo(2);
    assertThat(made.properties()).isEqualTo(source().properties());
    assertThat(made.consistency()).isEqualTo(ConsistencyLevel.BOUNDED);
    assertThat(made.partitions())
        .extracting(p -> p.name() + p.id())
        .containsExactly("_default71", "silent72");
    assertThat(state.indexesOf(NEW))
        .extracting(i -> i.name() + i.id() + "/" + i.fieldId())
        .containsExactly("i73/104");
    assertThat(state.findCollection(NEW)).isEmpty();
    assertThat(state.leaving("default", "copy")).isEmpty();
    assertThat(state.unfinished()).isEmpty();
    assertThat(run(begin("copy"))).as("the same again").isEqualTo(new CollectionIs(made));
  }

  @Test
  void itsNameIsTaken() {
    assertRefused(
        begin("films"), ErrorCode.INVALID_PARAMETER, "cannot restore to collection films");
    run(begin("copy"));

    assertRefused(
        new CatalogCommand.DropCollection("default", "copy", Optional.empty()),
        ErrorCode.INVALID_PARAMETER,
        "collection copy is being restored from a snapshot");
    assertRefused(
        new CatalogCommand.RenameCollection("default", "films", "default", "copy"),
        ErrorCode.INVALID_PARAMETER,
        "duplicated new collection name copy");
    assertRefused(
        new CatalogCommand.CreateCollection(
            "default",
            new CollectionSchema("copy", "", source().schema().fields(), 0),
            1,
            0,
            ConsistencyLevel.STRONG,
            Map.of(),
            new Fresh(100, 80)),
        ErrorCode.INVALID_PARAMETER,
        "collection copy is being restored from a snapshot");
  }

  @Test
  void itIsSeenWhenItsControlRecordIsEverywhere() {
    run(begin("copy"));

    run(new CatalogCommand.FinishRestore(NEW, List.of(30L, 40L)));

    assertThat(made().state()).isEqualTo(CollectionState.RESTORING);
    assertThat(made().ddlSequence()).isEqualTo(1);
    assertThat(made().pending())
        .contains(PendingDdl.of(new PendingDdl.Effect.Imported(List.of(30L, 40L))));
    assertThat(state.unfinished()).containsExactly(made());
    assertThat(run(new CatalogCommand.AbortRestore(NEW))).isEqualTo(new Done());
    assertThat(made().pending()).as("it is too late for that").isPresent();

    run(new CatalogCommand.FinishDdl(NEW, 1));

    assertThat(made().state()).isEqualTo(CollectionState.ACTIVE);
    assertThat(made().pending()).isEmpty();
    assertThat(run(new CatalogCommand.FinishRestore(NEW, List.of(30L, 40L)))).isEqualTo(new Done());
    assertThat(
            run(new CatalogCommand.DropCollection("default", "copy", Optional.empty()))
                instanceof Begun)
        .isTrue();
  }

  @Test
  void whatIsAbortedIsGone() {
    run(begin("copy"));

    run(new CatalogCommand.AbortRestore(NEW));

    assertThat(state.collections()).doesNotContainKey(NEW);
    assertThat(state.indexesOf(NEW)).isEmpty();
    assertThat(run(new CatalogCommand.AbortRestore(NEW))).isEqualTo(new Done());
    assertRefused(
        new CatalogCommand.FinishRestore(NEW, List.of(30L, 40L)),
        ErrorCode.COLLECTION_NOT_FOUND,
        "70");
  }
}
