package io.elanus.rpc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.StructField;
import io.elanus.proto.milvus.FieldSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchemaCodecTest {
  private static final Field ID =
      new Field(100, "id", "the key", DataType.INT64, true, true, false, false, Map.of());
  private static final Field NAME =
      new Field(
          101,
          "name",
          "",
          DataType.VARCHAR,
          false,
          false,
          false,
          false,
          Map.of("max_length", "64", "mmap.enabled", "true"));
  private static final Field VECTOR =
      new Field(
          102, "v", "", DataType.FLOAT_VECTOR, false, false, false, false, Map.of("dim", "8"));
  private static final Field META =
      new Field(103, Field.DYNAMIC_NAME, "", DataType.JSON, false, false, false, true, Map.of());

  private final CollectionSchema schema =
      new CollectionSchema("films", "some films", List.of(ID, NAME, VECTOR, META), 7);

  @Test
  void whatIsEncodedComesBack() {
    assertThat(SchemaCodec.decode(SchemaCodec.encode(schema))).isEqualTo(schema);
  }

  @Test
  void clientsDoNotSeeTheDynamicFieldButTheFlag() {
    var declared = SchemaCodec.encodeDeclared(schema);

    assertThat(declared.getEnableDynamicField()).isTrue();
    assertThat(declared.getFieldsList())
        .extracting(FieldSchema::getName)
        .containsExactly("id", "name", "v");
  }

  @Test
  void structsTravelBesideTheirFieldsAndAreShownAroundThem() {
    Field pages =
        new Field(
            104,
            "scenes[page]",
            "",
            DataType.ARRAY,
            false,
            false,
            false,
            false,
            true,
            Optional.empty(),
            Optional.of(DataType.INT64),
            Map.of("max_capacity", "5"));
    CollectionSchema withStruct =
        new CollectionSchema(
            "films",
            "",
            List.of(ID, VECTOR, pages, META),
            List.of(new StructField(103, "scenes", "of it", true, Map.of("mmap.enabled", "true"))),
            1);

    assertThat(SchemaCodec.decode(SchemaCodec.encode(withStruct))).isEqualTo(withStruct);
    var declared = SchemaCodec.encodeDeclared(withStruct);
    assertThat(declared.getFieldsList())
        .extracting(FieldSchema::getName)
        .containsExactly("id", "v");
    assertThat(declared.getStructArrayFields(0).getFieldID()).isEqualTo(103);
    assertThat(declared.getStructArrayFields(0).getFieldsList())
        .extracting(FieldSchema::getName)
        .containsExactly("page");
  }

  @Test
  void everyTypeHasItsNameOnTheWire() {
    for (DataType type : DataType.values()) {
      assertThat(SchemaCodec.encode(type).getNumber()).isEqualTo(type.number());
      assertThat(SchemaCodec.encode(type).name()).isEqualTo(type.milvusName());
    }
  }

  @Test
  void aTypeWithoutNameIsRefused() {
    var wire =
        io.elanus.proto.milvus.CollectionSchema.newBuilder()
            .addFields(FieldSchema.newBuilder().setName("m").setDataTypeValue(27))
            .build();

    assertThatThrownBy(() -> SchemaCodec.decode(wire))
        .isInstanceOf(DbException.class)
        .hasMessage("unsupported data type: 27 of field m");
  }
}
