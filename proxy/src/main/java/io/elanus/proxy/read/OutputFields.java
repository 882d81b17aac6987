package io.elanus.proxy.read;

import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Field;
import io.elanus.common.model.StructField;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.catalog.LoadedPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which fields a read returns.
///
/// @param fields in the order of the request; `$meta` last, when a key of it is asked for
/// @param names as the answer lists them: of fields, of structs in the place of their sub-fields, and of keys of `$meta`
/// @param dynamicKeys what is wanted of `$meta`; empty for all of it
/// @param structs of the schema
record OutputFields(
    List<Field> fields, List<String> names, Set<String> dynamicKeys, List<StructField> structs) {
  private static final String ALL = "*";

  OutputFields {
    fields = List.copyOf(fields);
    names = List.copyOf(names);
    dynamicKeys = Set.copyOf(dynamicKeys);
    structs = List.copyOf(structs);
  }

  /// @param part what is loaded: `*` means no more than that
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a field that is not there, or
  ///     not loaded
  static OutputFields of(CollectionSchema schema, LoadedPart part, List<String> asked) {
    return new Selection(schema, part).take(asked).done();
  }

  /// As [#of], and the primary key in any case.
  static OutputFields withKey(CollectionSchema schema, LoadedPart part, List<String> asked) {
    List<String> all = new ArrayList<>(asked);
    all.add(schema.primaryKey().name());
    return of(schema, part, all);
  }

  /// Ids of the fields a shard has to send; keys come anyway.
  List<Long> fetched() {
    return fields.stream().filter(field -> !field.primaryKey()).map(Field::id).toList();
  }

  private static final class Selection {
    private final CollectionSchema schema;
    private final LoadedPart part;
    private final Map<Long, Field> fields = new LinkedHashMap<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> keys = new LinkedHashSet<>();
    private boolean wholeDynamic;

    Selection(CollectionSchema schema, LoadedPart part) {
      this.schema = schema;
      this.part = part;
    }

    Selection take(List<String> asked) {
      for (String name : asked) {
        if (name.strip().equals(ALL)) {
          schema.fields().stream().filter(part::serves).forEach(this::take);
        } else {
          take(name.strip());
        }
      }
      return this;
    }

    private void take(String name) {
      Optional<StructField> struct = schema.struct(name);
      if (struct.isPresent()) {
        schema.subFields(struct.get()).forEach(this::take);
        return;
      }
      schema.field(name).ifPresentOrElse(this::take, () -> takeKey(name));
    }

    private void take(Field field) {
      if (!part.serves(field)) {
        throw Invalid.parameter("field %s is not loaded", field.name());
      }
      names.add(schema.structOf(field).map(StructField::name).orElse(field.name()));
      if (field.dynamic()) {
        wholeDynamic = true;
      } else {
        fields.put(field.id(), field);
      }
    }

    private void takeKey(String name) {
      if (!schema.dynamicEnabled() || name.isEmpty() || name.contains("[")) {
        throw Invalid.parameter("field %s not exist", name);
      }
      if (!schema.dynamicField().map(part::serves).orElse(false)) {
        throw Invalid.parameter("field %s cannot be returned since dynamic field not loaded", name);
      }
      names.add(name);
      keys.add(name);
    }

    OutputFields done() {
      if (wholeDynamic || !keys.isEmpty()) {
        schema.dynamicField().ifPresent(field -> fields.put(field.id(), field));
      }
      return new OutputFields(
          List.copyOf(fields.values()),
          List.copyOf(names),
          wholeDynamic ? Set.of() : keys,
          schema.structs());
    }
  }
}
