package io.elanus.rootcoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Database;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.PendingDdl.Effect;
import io.elanus.common.model.PendingDdl.HeldName;
import io.elanus.rootcoord.CatalogAnswer.Busy;
import io.elanus.rootcoord.CatalogCommand.RenameCollection;
import java.util.List;
import java.util.Optional;

/// Renaming a collection, also into another database:
///
/// ```
///  ham = #7 ── rename ──> ham held, eggs = #7 ── control record in all logs of #7 ──> ham free, eggs = #7
/// ```
///
/// A write that means the old name confirms its collection's version and looks the name up anew. A read may be
/// planned by a proxy that has not heard of it; once the control record is in the log of a shard, its leader
/// refuses such a read. So nobody gets the old name before, nor is told that it is not there.
final class RenameRules {
  private RenameRules() {}

  static Decision<CatalogChange, CatalogAnswer> rename(
      CatalogState state, RenameCollection command) {
    Database from = state.requireDatabase(command.database());
    Database to = state.requireDatabase(command.newDatabase());
    if (from.id().equals(to.id()) && command.name().equals(command.newName())) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "collection name or database name should be different");
    }
    if (state.aliased(from, command.name()).isPresent()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "unsupported use an alias to rename collection, alias:%s", command.name());
    }
    Optional<Collection> leaving = state.leaving(command.database(), command.name());
    if (leaving.isPresent()) {
      return Decision.answer(new Busy(leaving.get()));
    }
    Collection collection = state.requireCollection(command.database(), command.name());
    requireNoAliases(collection, from, to);
    return inTheWay(state, to, command.newName())
        .map(other -> Decision.<CatalogChange, CatalogAnswer>answer(new Busy(other)))
        .orElseGet(() ->
            CollectionRules.begin(
                collection,
                next -> next.called(to, command.newName()).pending(lost(from, command.name()))));
  }

  /// Readers of the collection lose a name.
  static PendingDdl lost(Database database, String name) {
    return new PendingDdl(
        new Effect.Renamed(), List.of(new HeldName(database.id(), database.name(), name)));
  }

  /// Aliases belong to a database.
  private static void requireNoAliases(Collection collection, Database from, Database to) {
    if (!from.id().equals(to.id()) && !collection.aliases().isEmpty()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "fail to rename db name, must drop all aliases of this collection before rename");
    }
  }

  /// Who still has the new name, but will not for long.
  private static Optional<Collection> inTheWay(CatalogState state, Database to, String name) {
    if (state.aliased(to, name).isPresent()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "cannot rename collection to an existing alias: %s", name);
    }
    Optional<Collection> holder = state.holder(to, name);
    if (holder.filter(c -> !CatalogState.isDropping(c)).isPresent()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "duplicated new collection name %s in database %s with other collection name or alias",
          name, to.name());
    }
    return holder.or(() -> state.holding(to, name));
  }
}
