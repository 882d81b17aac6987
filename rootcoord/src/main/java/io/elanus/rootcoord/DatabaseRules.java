package io.elanus.rootcoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Database;
import io.elanus.common.model.DatabaseId;
import io.elanus.rootcoord.CatalogAnswer.Busy;
import io.elanus.rootcoord.CatalogAnswer.DatabaseIs;
import io.elanus.rootcoord.CatalogAnswer.Done;
import io.elanus.rootcoord.CatalogCommand.CreateDatabase;
import io.elanus.rootcoord.CatalogCommand.DropDatabase;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Creating and dropping databases.
final class DatabaseRules {
  private DatabaseRules() {}

  /// The change that gives a new cluster its default database.
  static CatalogChange bootstrap(long timestamp) {
    return new CatalogChange.PutDatabase(
        new Database(Database.DEFAULT_ID, Database.DEFAULT_NAME, Map.of(), timestamp));
  }

  static Decision<CatalogChange, CatalogAnswer> create(
      CatalogState state, CreateDatabase command, CatalogRules.Limits limits) {
    if (state.findDatabase(command.name()).isPresent()) {
      throw ErrorCode.INVALID_PARAMETER.because("database already exist: %s", command.name());
    }
    if (state.databases().size() >= limits.maxDatabases()) {
      throw ErrorCode.DATABASE_LIMIT_EXCEEDED.with("limit", limits.maxDatabases());
    }
    Database database =
        new Database(
            new DatabaseId(command.fresh().firstId()),
            command.name(),
            command.properties(),
            command.fresh().timestamp());
    return Decision.change(
        new DatabaseIs(database), List.of(new CatalogChange.PutDatabase(database)));
  }

  static Decision<CatalogChange, CatalogAnswer> drop(CatalogState state, DropDatabase command) {
    Database database = state.requireDatabase(command.name());
    if (database.id().equals(Database.DEFAULT_ID)) {
      throw ErrorCode.INVALID_PARAMETER.because("can not drop default database");
    }
    if (!state.collectionsOf(database).isEmpty() || state.isRestoredTo(database)) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "database:%s not empty, must drop all collections before drop database", command.name());
    }
    Optional<Collection> busy = state.busyIn(database);
    if (busy.isPresent()) {
      return Decision.answer(new Busy(busy.get()));
    }
    return Decision.change(new Done(), List.of(new CatalogChange.RemoveDatabase(database.id())));
  }
}
