package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.TtlField;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Database;
import io.elanus.common.model.Field;
import io.elanus.rootcoord.CatalogAnswer.Done;
import io.elanus.rootcoord.CatalogCommand.AlterCollection;
import io.elanus.rootcoord.CatalogCommand.AlterDatabase;
import io.elanus.rootcoord.CatalogCommand.AlterField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Properties of databases and collections, and parameters of fields. What each may be is checked at the
/// proxy; what they may be together, here, where two calls cannot pass each other.
/// A request that changes nothing is success.
final class PropertyRules {
  /// Of a collection, but no properties: they are set as if they were.
  private static final String DESCRIPTION = "collection.description";

  private static final String CONSISTENCY = "consistency_level";

  /// As above, of a field.
  private static final String FIELD_DESCRIPTION = "field.description";

  private PropertyRules() {}

  static Decision<CatalogChange, CatalogAnswer> alter(CatalogState state, AlterDatabase command) {
    Database database = state.requireDatabase(command.name());
    Map<String, String> properties =
        changed(database.properties(), command.properties(), command.removed());
    if (properties.equals(database.properties())) {
      return Decision.answer(new Done());
    }
    Database next =
        new Database(database.id(), database.name(), properties, database.createdTimestamp());
    return Decision.change(new Done(), List.of(new CatalogChange.PutDatabase(next)));
  }

  static Decision<CatalogChange, CatalogAnswer> alter(CatalogState state, AlterCollection command) {
    Collection collection = state.requireCollection(command.id());
    Map<String, String> wanted = new LinkedHashMap<>(command.properties());
    NextCollection next = NextCollection.of(collection);
    String description = wanted.remove(DESCRIPTION);
    if (description != null) {
      next.described(description);
    }
    String level = wanted.remove(CONSISTENCY);
    if (level != null) {
      next.with(level(level));
    }
    Map<String, String> properties = changed(collection.properties(), wanted, command.removed());
    requireOneLife(collection.schema(), properties);
    next.with(properties);
    return put(collection, next);
  }

  /// Rows of a collection live as long as all others, or as each says; not both.
  static void requireOneLife(CollectionSchema schema, Map<String, String> properties) {
    String name = properties.get(TtlField.PROPERTY);
    if (name == null) {
      return;
    }
    Field field =
        schema
            .field(name)
            .orElseThrow(() -> invalid("ttl field name %s not found in schema", name));
    if (field.type() != DataType.TIMESTAMPTZ) {
      throw invalid("ttl field must be timestamptz, field name = %s", name);
    }
    if (properties.containsKey(Expiries.TTL)) {
      throw invalid("collection TTL and ttl field cannot be set at the same time");
    }
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static DbException invalid(String reason, Object... values) {
    return ErrorCode.INVALID_PARAMETER.because(
        "%s: %s", reason.formatted(values), ErrorCode.INVALID_PARAMETER.text());
  }

  private static ConsistencyLevel level(String text) {
    return Stream.of(ConsistencyLevel.values())
        .filter(level ->
            level.name().equals(text.toUpperCase(Locale.ROOT))
                || Integer.toString(level.number()).equals(text))
        .findFirst()
        .orElseThrow(
            () -> ErrorCode.INVALID_PARAMETER.because("invalid consistency level: %s", text));
  }

  static Decision<CatalogChange, CatalogAnswer> alter(CatalogState state, AlterField command) {
    Collection collection = state.requireCollection(command.collection());
    CollectionSchema schema = collection.schema();
    Field field =
        schema
            .field(command.field())
            .orElseThrow(() ->
                ErrorCode.INVALID_PARAMETER.because(
                    "field %s does not exist in collection %s",
                    command.field(), collection.name()));
    Field altered = altered(field, command);
    if (altered.equals(field)) {
      return Decision.answer(new Done());
    }
    CollectionSchema next = schema.altered(altered);
    return put(collection, NextCollection.of(collection).with(next, command.timestamp()));
  }

  private static Field altered(Field f, AlterField command) {
    Map<String, String> wanted = new LinkedHashMap<>(command.params());
    String description = wanted.remove(FIELD_DESCRIPTION);
    return new Field(
        f.id(),
        f.name(),
        description == null ? f.description() : description,
        f.type(),
        f.primaryKey(),
        f.autoId(),
        f.partitionKey(),
        f.dynamic(),
        f.nullable(),
        f.defaultValue(),
        f.elementType(),
        changed(f.typeParams(), wanted, command.removed()));
  }

  /// `old` with what is set, without what is removed.
  static Map<String, String> changed(
      Map<String, String> old, Map<String, String> set, List<String> removed) {
    Map<String, String> changed = new LinkedHashMap<>(old);
    changed.putAll(set);
    removed.forEach(changed::remove);
    return changed;
  }

  private static Decision<CatalogChange, CatalogAnswer> put(
      Collection before, NextCollection next) {
    Collection after = next.collection();
    boolean same =
        after.schema().equals(before.schema())
            && after.properties().equals(before.properties())
            && after.consistency() == before.consistency();
    return same
        ? Decision.answer(new Done())
        : Decision.change(new Done(), List.of(new CatalogChange.PutCollection(after)));
  }
}
