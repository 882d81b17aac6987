package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Field;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.PendingDdl.Effect.FieldAdded;
import io.elanus.common.model.StructField;
import io.elanus.rootcoord.CatalogAnswer.Busy;
import io.elanus.rootcoord.CatalogAnswer.Done;
import io.elanus.rootcoord.CatalogCommand.AddField;
import io.elanus.rootcoord.CatalogCommand.AddStruct;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    check(schema, List.of(command.field()));
    Field field = command.field().withId(schema.nextFieldId());
    PendingDdl added = PendingDdl.of(new FieldAdded(field, command.timestamp()));
    return CollectionRules.begin(collection, next -> next.pending(added));
  }

  /// As a field: all of a struct at once.
  static Decision<CatalogChange, CatalogAnswer> add(CatalogState state, AddStruct command) {
    Collection collection = state.requireCollection(command.collection());
    if (collection.pending().isPresent()) {
      return Decision.answer(new Busy(collection));
    }
    CollectionSchema schema = collection.schema();
    if (schema.has(command.struct().name())) {
      throw taken(command.struct().name());
    }
    check(schema, command.fields());
    long id = schema.nextFieldId();
    StructField struct = command.struct().withId(id);
    List<Field> fields = new ArrayList<>();
    for (Field field : command.fields()) {
      fields.add(field.withId(++id));
    }
    PendingDdl added =
        PendingDdl.of(new FieldAdded(fields, Optional.of(struct), command.timestamp()));
    return CollectionRules.begin(collection, next -> next.pending(added));
  }

  private static void check(CollectionSchema schema, List<Field> added) {
    added.forEach(field -> check(schema, field));
    long declared = added.stream().filter(field -> !field.dynamic()).count();
    if (schema.declaredFields().size() + declared > CollectionSchema.MAX_FIELDS) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "The number of fields has reached the maximum value %d", CollectionSchema.MAX_FIELDS);
    }
    long vectors = added.stream().filter(field -> field.type().isVector()).count();
    if (vectors > 0 && schema.vectorCount() + vectors > CollectionSchema.MAX_VECTOR_FIELDS) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "maximum vector field's number should be limited to %d",
          CollectionSchema.MAX_VECTOR_FIELDS);
    }
  }

  private static DbException taken(String name) {
    return ErrorCode.INVALID_PARAMETER.because("field already exists, name: %s", name);
  }

  private static void check(CollectionSchema schema, Field field) {
    if (!field.maybeYounger()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "added field must be nullable, please check it, field name = %s", field.name());
    }
    if (schema.has(field.name())) {
      throw taken(field.name());
    }
  }
}
