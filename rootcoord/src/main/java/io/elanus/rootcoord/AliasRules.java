package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Database;
import io.elanus.rootcoord.CatalogAnswer.Busy;
import io.elanus.rootcoord.CatalogAnswer.Done;
import io.elanus.rootcoord.CatalogCommand.AlterAlias;
import io.elanus.rootcoord.CatalogCommand.CreateAlias;
import io.elanus.rootcoord.CatalogCommand.DropAlias;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Aliases: other names of a collection in its database. They are kept with the collection, so that whoever watches
/// it hears of them.
///
/// An alias that leaves a collection is told to its shards, as a rename is ([RenameRules]):
///
/// ```
///  #7 [a]   #9 []   ── alter a to #9 ──>   #7 [] pending, a held   #9 [a]   ──>   #7 []   #9 [a]
/// ```
final class AliasRules {
  private AliasRules() {}

  /// The same alias of the same collection again is success.
  static Decision<CatalogChange, CatalogAnswer> create(CatalogState state, CreateAlias command) {
    Database database = state.requireDatabase(command.database());
    Optional<Collection> inTheWay =
        inTheWay(state, database, command.alias(), command.collection());
    if (inTheWay.isPresent()) {
      return Decision.answer(new Busy(inTheWay.get()));
    }
    Collection target = requireTarget(state, database, command.collection());
    Optional<Collection> holder = state.aliased(database, command.alias());
    if (holder.isPresent()) {
      if (holder.get().id().equals(target.id())) {
        return Decision.answer(new Done());
      }
      throw taken(database, command.alias(), holder.get());
    }
    return Decision.change(
        new Done(), List.of(NextCollection.of(target).withAlias(command.alias()).put()));
  }

  /// To the collection that has it already is success.
  static Decision<CatalogChange, CatalogAnswer> alter(CatalogState state, AlterAlias command) {
    Database database = state.requireDatabase(command.database());
    Optional<Collection> inTheWay =
        inTheWay(state, database, command.alias(), command.collection());
    if (inTheWay.isPresent()) {
      return Decision.answer(new Busy(inTheWay.get()));
    }
    Collection target = requireTarget(state, database, command.collection());
    Collection holder =
        state
            .aliased(database, command.alias())
            .orElseThrow(() ->
                ErrorCode.ALIAS_NOT_FOUND.with(
                    "database", database.name(), "alias", command.alias()));
    if (holder.id().equals(target.id())) {
      return Decision.answer(new Done());
    }
    CatalogChange gain = NextCollection.of(target).withAlias(command.alias()).put();
    return lose(database, holder, command.alias(), List.of(gain));
  }

  /// An alias that is not there is dropped already; one that is leaving is so once the logs say it.
  static Decision<CatalogChange, CatalogAnswer> drop(CatalogState state, DropAlias command) {
    Database database = state.requireDatabase(command.database());
    Optional<Collection> holder = state.aliased(database, command.alias());
    if (holder.isPresent()) {
      return lose(database, holder.get(), command.alias(), List.of());
    }
    return Decision.answer(CatalogAnswer.doneUnless(state.holding(database, command.alias())));
  }

  private static Decision<CatalogChange, CatalogAnswer> lose(
      Database database, Collection holder, String alias, List<CatalogChange> others) {
    Decision<CatalogChange, CatalogAnswer> loss =
        CollectionRules.begin(
            holder, next -> next.withoutAlias(alias).pending(RenameRules.lost(database, alias)));
    if (loss.changes().isEmpty()) {
      return loss;
    }
    var changes = new ArrayList<>(loss.changes());
    changes.addAll(others);
    return new Decision<>(loss.answer(), changes, loss.conditions(), loss.onConflict());
  }

  /// Who still has the alias, or the name of its target, but will not for long.
  private static Optional<Collection> inTheWay(
      CatalogState state, Database database, String alias, String target) {
    Optional<Collection> namesake = state.holder(database, alias);
    if (namesake.filter(CatalogState::isActive).isPresent()) {
      throw ErrorCode.ALIAS_NAME_CONFLICT.with("database", database.name(), "alias", alias);
    }
    return namesake
        .or(() -> state.holding(database, alias))
        .or(() -> state.leaving(database.name(), target));
  }

  /// By its name: an alias of an alias there is not.
  private static Collection requireTarget(CatalogState state, Database database, String name) {
    return state
        .holder(database, name)
        .filter(CatalogState::isActive)
        .orElseThrow(() ->
            ErrorCode.COLLECTION_NOT_FOUND.with("database", database.name(), "collection", name));
  }

  private static DbException taken(Database database, String alias, Collection holder) {
    return ErrorCode.ALIAS_EXISTS.because(
        "%s is alias to another collection: %s: %s",
        alias,
        holder.name(),
        ErrorCode.ALIAS_EXISTS.with("database", database.name(), "alias", alias).text());
  }
}
