package io.elanus.rootcoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Field;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.PendingDdl.Effect.FieldAdded;
import io.elanus.rootcoord.CatalogAnswer.Busy;
import io.elanus.rootcoord.CatalogAnswer.Done;
import io.elanus.rootcoord.CatalogCommand.AddField;

/// Fields that collections get when they have rows already.
///
/// ```
/// committed as pending ── control record in every shard's log ──> part of the schema
///   rows are stored and read with it                                rows are written with it
/// ```
/// So whoever meets a value of the field knows the field. What a field is on its own is checked at the proxy.
final class FieldRules {
  private FieldRules() {}

  /// A name that is taken is an error, as in Milvus, even by an equal field. `$meta` that is there is success.
  static Decision<CatalogChange, CatalogAnswer> add(CatalogState state, AddField command) {
    Collection collection = state.requireCollection(command.collection());
    if (collection.pending().isPresent()) {
      return Decision.answer(new Busy(collection));
    }
    CollectionSchema schema = collection.schema();
    if (command.field().dynamic() && schema.dynamicEnabled()) {
      return Decision.answer(new Done());
    }
    check(schema, command.field());
    Field field = command.field().withId(schema.nextFieldId());
    PendingDdl added = PendingDdl.of(new FieldAdded(field, command.timestamp()));
    return CollectionRules.begin(collection, next -> next.pending(added));
  }

  private static void check(CollectionSchema schema, Field field) {
    if (!field.maybeYounger()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "added field must be nullable, please check it, field name = %s", field.name());
    }
    if (schema.has(field.name())) {
      throw ErrorCode.INVALID_PARAMETER.because("field already exists, name: %s", field.name());
    }
    if (!field.dynamic() && schema.declaredFields().size() >= CollectionSchema.MAX_FIELDS) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "The number of fields has reached the maximum value %d", CollectionSchema.MAX_FIELDS);
    }
    if (field.type().isVector() && schema.vectorCount() >= CollectionSchema.MAX_VECTOR_FIELDS) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "maximum vector field's number should be limited to %d",
          CollectionSchema.MAX_VECTOR_FIELDS);
    }
  }
}
