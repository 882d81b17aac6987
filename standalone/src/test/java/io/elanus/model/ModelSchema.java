package io.elanus.model;

import com.google.protobuf.ByteString;
import io.elanus.proto.milvus.CollectionSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// @param fields the key first; the vector that is searched is `v`
record ModelSchema(List<ModelField> fields, boolean isDynamic) {
  static final String VECTOR = "v";

  private static final int MAX_STRUCTS = 2;

  ModelSchema {
    fields = List.copyOf(fields);
  }

  static ModelSchema drawn(RandomGenerator random) {
    Kind keyKind = random.nextInt(3) == 0 ? Kind.VARCHAR : Kind.INT64;
    boolean autoId = random.nextInt(4) == 0;
    List<ModelField> fields = new ArrayList<>();
    fields.add(
        new ModelField("id", keyKind, true, autoId, false, Optional.empty(), false, List.of()));
    fields.add(ModelField.plain(VECTOR, Kind.VECTOR));
    if (random.nextInt(3) == 0) {
      fields.add(
          new ModelField(
              "tenant",
              random.nextBoolean() ? Kind.VARCHAR : Kind.INT64,
              false,
              false,
              false,
              Optional.empty(),
              true,
              List.of()));
    }
    for (int i = random.nextInt(1, 7); i > 0; i--) {
      Kind kind = Kind.values()[random.nextInt(Kind.STRUCTS.ordinal())];
      fields.add(ModelField.drawn("f" + i, kind, random));
    }
    if (random.nextInt(3) == 0) {
      Kind kind = Kind.values()[random.nextInt(Kind.BITS.ordinal(), Kind.values().length)];
      fields.add(ModelField.drawn("w", kind, random));
    }
    for (int i = random.nextInt(3) == 0 ? random.nextInt(1, MAX_STRUCTS + 1) : 0; i > 0; i--) {
      fields.add(ModelField.structs("structs" + i, random));
    }
    return new ModelSchema(fields, random.nextBoolean());
  }

  ModelField key() {
    return fields.getFirst();
  }

  boolean isDivided() {
    return fields.stream().anyMatch(ModelField::isPartitionKey);
  }

  ModelSchema with(ModelField field) {
    List<ModelField> more = new ArrayList<>(fields);
    more.add(field);
    return new ModelSchema(more, isDynamic);
  }

  /// Fields that hold structs.
  List<ModelField> structs() {
    return fields.stream().filter(field -> field.kind() == Kind.STRUCTS).toList();
  }

  Optional<ModelField> field(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst();
  }

  /// That no row has, most probably.
  Object freshKey(RandomGenerator random) {
    long number = random.nextLong(1L << 40);
    return key().kind() == Kind.INT64 ? (Object) number : "k" + number;
  }

  ByteString encoded(String name) {
    CollectionSchema.Builder schema =
        CollectionSchema.newBuilder().setName(name).setEnableDynamicField(isDynamic);
    for (ModelField field : fields) {
      if (field.kind() == Kind.STRUCTS) {
        schema.addStructArrayFields(field.structSchema());
      } else {
        schema.addFields(field.schema());
      }
    }
    return schema.build().toByteString();
  }
}
