package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.IndexSpec;
import io.elanus.common.run.Outcome;
import io.elanus.rootcoord.CatalogAnswer.Done;
import io.elanus.rootcoord.CatalogAnswer.IndexIs;
import io.elanus.rootcoord.CatalogCommand.AlterIndex;
import io.elanus.rootcoord.CatalogCommand.CreateIndex;
import io.elanus.rootcoord.CatalogCommand.DropIndex;
import java.util.List;
import java.util.Optional;

/// Index definitions: names are unique within a collection, and a field, or a path in one of JSON, has one index at most.
final class IndexRules {
  private IndexRules() {}

  /// The same request again is success.
  static Decision<CatalogChange, CatalogAnswer> create(CatalogState state, CreateIndex command) {
    Collection collection = state.requireCollection(command.collection());
    Field field = collection.schema().requireField(command.fieldId());
    List<IndexDefinition> others = state.indexesOf(collection.id());
    String name = nameOf(command, field, others);
    Optional<IndexDefinition> same = find(others, name);
    if (same.isPresent()) {
      return Decision.answer(new IndexIs(requireSame(field, same.get(), command)));
    }
    if (others.stream().anyMatch(index -> isOverTheSame(field, index, command))) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "CreateIndex failed: creating multiple indexes on same field is not supported");
    }
    IndexDefinition index =
        new IndexDefinition(
            new IndexId(command.fresh().firstId()),
            collection.id(),
            field.id(),
            name,
            command.params(),
            command.flatParams(),
            command.fresh().timestamp());
    return Decision.change(new IndexIs(index), List.of(new CatalogChange.PutIndex(index)));
  }

  /// An index that is not there is success. That the collection is not loaded is a condition of the
  /// commit: querycoord may be loading it right now.
  static Decision<CatalogChange, CatalogAnswer> drop(CatalogState state, DropIndex command) {
    Optional<IndexDefinition> index =
        state.indexesOf(command.collection()).stream()
            .filter(i -> i.id().equals(command.index()))
            .findFirst();
    if (index.isEmpty()) {
      return Decision.answer(new Done());
    }
    Decision<CatalogChange, CatalogAnswer> drop =
        Decision.change(new Done(), List.of(new CatalogChange.RemoveIndex(index.get())));
    return isOnVector(state, index.get())
        ? drop.onlyIf(notLoaded(command.collection()), Outcome.failed(loaded(command.collection())))
        : drop;
  }

  /// Only parameters that do not change what is built. That the collection is not loaded is a condition of the
  /// commit.
  static Decision<CatalogChange, CatalogAnswer> alter(CatalogState state, AlterIndex command) {
    Collection collection = state.requireCollection(command.collection());
    IndexDefinition index =
        state.indexesOf(collection.id()).stream()
            .filter(i -> i.id().equals(command.index()))
            .findFirst()
            .orElseThrow(() -> ErrorCode.INDEX_NOT_FOUND.with("indexID", command.index()));
    IndexDefinition altered =
        new IndexDefinition(
            index.id(),
            index.collection(),
            index.fieldId(),
            index.name(),
            PropertyRules.changed(index.params(), command.params(), command.removed()),
            PropertyRules.changed(index.flatParams(), command.params(), command.removed()),
            index.createdTimestamp());
    if (altered.equals(index)) {
      return Decision.answer(new IndexIs(index));
    }
    DbException loaded =
        ErrorCode.COLLECTION_LOADED.because(
            "can't alter index on loaded collection, please release the collection first: %s",
            ErrorCode.COLLECTION_LOADED.with("collection", collection.name()).text());
    return Decision.<CatalogChange, CatalogAnswer>change(
            new IndexIs(altered), List.of(new CatalogChange.PutIndex(altered)))
        .onlyIf(notLoaded(collection.id()), Outcome.failed(loaded));
  }

  private static String nameOf(CreateIndex command, Field field, List<IndexDefinition> others) {
    if (!command.name().isEmpty()) {
      return command.name();
    }
    return others.stream()
        .filter(index -> index.fieldId() == field.id())
        .map(IndexDefinition::name)
        .findFirst()
        .orElse(field.name());
  }

  /// A JSON field may have an index for each path in it.
  private static boolean isOverTheSame(Field field, IndexDefinition index, CreateIndex command) {
    return index.fieldId() == field.id()
        && IndexSpec.path(field, index.flatParams())
            .equals(IndexSpec.path(field, command.flatParams()));
  }

  private static Optional<IndexDefinition> find(List<IndexDefinition> indexes, String name) {
    return indexes.stream().filter(index -> index.name().equals(name)).findFirst();
  }

  private static IndexDefinition requireSame(
      Field field, IndexDefinition index, CreateIndex command) {
    if (index.fieldId() != command.fieldId()
        || !IndexSpec.meaning(field, index.flatParams())
            .equals(IndexSpec.meaning(field, command.flatParams()))) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "CreateIndex failed: at most one distinct index is allowed per field");
    }
    return index;
  }

  private static boolean isOnVector(CatalogState state, IndexDefinition index) {
    return Optional.ofNullable(state.collections().get(index.collection()))
        .flatMap(collection -> collection.schema().field(index.fieldId()))
        .filter(field -> field.type().isVector())
        .isPresent();
  }

  private static List<Condition> notLoaded(CollectionId collection) {
    return List.of(new Condition.Absent(MetaKeys.load(collection)));
  }

  private static DbException loaded(CollectionId collection) {
    return ErrorCode.INVALID_PARAMETER.because(
        "vector index cannot be dropped on loaded collection: %s", collection);
  }
}
