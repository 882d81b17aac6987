package io.elanus.proxy.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.FunctionSchema;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.StructArrayFieldSchema;
import io.elanus.proto.milvus.ValueField;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaCheckTest {
  @Test
  void fieldsAreNumberedInDeclaredOrderAndTheDynamicFieldComesLast() {
    CollectionSchema complete =
        SchemaCheck.complete("films", valid().setEnableDynamicField(true).build());

    assertThat(complete.getName()).isEqualTo("films");
    assertThat(complete.getFieldsList())
        .extracting(field -> field.getFieldID() + ":" + field.getName())
        .containsExactly("100:id", "101:v", "102:$meta");
    assertThat(complete.getFields(2).getIsDynamic()).isTrue();
  }

  @Test
  void parametersAreKeptUnderOneName() {
    FieldSchema.Builder title = field("title", DataType.VarChar, "max_length", "9");
    title.addTypeParams(pair("mmap_enabled", "true"));

    CollectionSchema complete = SchemaCheck.complete("films", valid().addFields(title).build());

    assertThat(complete.getFields(2).getTypeParamsList())
        .extracting(KeyValuePair::getKey)
        .containsExactly("max_length", "mmap.enabled");
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedInMilvusWords(UnaryOperator<CollectionSchema.Builder> mistake, String text) {
    CollectionSchema schema = mistake.apply(valid()).build();

    assertThatThrownBy(() -> SchemaCheck.complete("films", schema))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(s -> s.removeFields(1), "schema does not contain vector field: invalid parameter"),
        mistake(s -> s.removeFields(0), "primary key is not specified"),
        mistake(
            s -> s.addFields(field("k", DataType.Int64).setIsPrimaryKey(true)),
            "there are more than one primary key, field name = id, k"),
        mistake(
            s -> s.setFields(0, field("id", DataType.Bool).setIsPrimaryKey(true)),
            "the data type of primary key should be Int64 or VarChar"),
        mistake(
            s -> s.setFields(0, field("id", DataType.VarChar).setIsPrimaryKey(true)),
            "type param(max_length) should be specified for varChar field(id) of collection films"),
        mistake(
            s -> s.addFields(field("n", DataType.Int64).setAutoID(true)),
            "only primary field can speficy AutoID with true, field name = n"),
        mistake(s -> s.addFields(field("v", DataType.Int64)), "duplicated field name v found"),
        mistake(
            s ->
                s.setFields(0, field("id", DataType.Int64).setIsPrimaryKey(true).setNullable(true)),
            "primary field not support null"),
        mistake(
            s ->
                s.addFields(
                    field("n", DataType.Int8)
                        .setDefaultValue(ValueField.newBuilder().setIntData(128))),
            "default value out of range"),
        mistake(
            s ->
                s.addFields(
                    field("n", DataType.Float)
                        .setDefaultValue(ValueField.newBuilder().setStringData("abc"))),
            "default value type mismatches field schema type: invalid parameter"
                + "[expected=DataType_Float][actual=not match]"),
        mistake(
            s ->
                s.addFields(
                    field("j", DataType.JSON)
                        .setDefaultValue(ValueField.newBuilder().setStringData("abc"))),
            "type not support default_value, type:JSON, name:j"),
        mistake(
            s ->
                s.addFields(
                    field("t", DataType.VarChar, "max_length", "2")
                        .setDefaultValue(ValueField.newBuilder().setStringData("abc"))),
            "the length (3) of string exceeds max length (2)"),
        mistake(
            s -> s.addFields(field("d", DataType.JSON).setIsDynamic(true)),
            "cannot explicitly set a field as a dynamic field"),
        mistake(
            s -> s.addFields(field("t", DataType.VarChar, "max_length", "65536")),
            "the maximum length specified for a VarChar field(t) should be in (0, 65535],"
                + " but got 65536 instead"),
        mistake(
            s -> s.setFields(1, field("v", DataType.FloatVector)),
            "dimension is not defined in field type params of field v"),
        mistake(
            s -> s.setFields(1, field("v", DataType.FloatVector, "dim", "1")),
            "invalid dimension: 1. should be in range 2 ~ 32768"),
        mistake(
            s -> s.setFields(1, field("v", DataType.FloatVector, "dim", "32769")),
            "invalid dimension: 32769 of field v. float vector dimension should be in range"
                + " 2 ~ 32768"),
        mistake(
            s -> s.setFields(1, field("v", DataType.FloatVector, "dim", "many")),
            "the value for dim of field v must be an integer, but got many"),
        mistake(
            s -> s.addFields(field("s", DataType.String)),
            "string data type not supported yet, please use VarChar type instead"),
        mistake(s -> s.addFields(field("n", DataType.None)), "data type None is not valid"),
        mistake(
            s -> s.addFields(field("9lives", DataType.Int64)),
            "Invalid field name: 9lives. The first character of a field name must be an"
                + " underscore or letter.: field name invalid[field=9lives]"),
        mistake(
            s -> s.addFields(field("in", DataType.Int64)),
            "Invalid field name: in. in is keyword in milvus."),
        mistake(
            s -> s.addFields(field("b", DataType.BinaryVector, "dim", "12")),
            "binary vector dimension should be multiple of 8"),
        mistake(
            s -> s.addFields(field("s", DataType.SparseFloatVector, "dim", "12")),
            "dim should not be specified for sparse vector field s"),
        mistake(
            s -> s.addFields(array(DataType.JSON, "max_capacity", "5")),
            "element type JSON is not supported"),
        mistake(
            s -> s.addFields(array(DataType.Int8, "max_length", "5")),
            "type param(max_capacity) should be specified for array field(a) of collection films"),
        mistake(
            s -> s.addFields(array(DataType.Int8, "max_capacity", "4097")),
            "the maximum capacity specified for a Array should be in (0, 4096]"),
        mistake(
            s -> s.addFields(array(DataType.VarChar, "max_capacity", "5")),
            "type param(max_length) should be specified"),
        mistake(
            s -> s.addFields(field("d", DataType.Double).setIsPartitionKey(true)),
            "the data type of partition key should be Int64 or VarChar"),
        mistake(
            s -> s.addFields(field("p", DataType.Int64).setIsPartitionKey(true).setNullable(true)),
            "partition key field not support nullable"),
        mistake(
            s ->
                s.addFields(field("p", DataType.Int64).setIsPartitionKey(true))
                    .addFields(field("q", DataType.Int64).setIsPartitionKey(true)),
            "there are more than one partition key, field name = p, q"),
        mistake(s -> s.addFields(field("a-b", DataType.Int64)), "Field name can only contain"),
        mistake(s -> s.addFields(field("", DataType.Int64)), "field name should not be empty"),
        mistake(SchemaCheckTest::manyFields, "maximum field's number should be limited to 64"),
        mistake(
            SchemaCheckTest::manyVectors, "maximum vector field's number should be limited to 10"),
        mistake(
            s -> s.addFields(field("n", DataType.ArrayOfVector)),
            "array of vector can only be in the struct array field, field name: n"),
        struct(s -> s.clearFields(), "struct array field parts has no sub-fields"),
        struct(s -> s.setName("in"), "Invalid field name: in. in is keyword in milvus."),
        struct(s -> s.setName("v"), "duplicated field name v found"),
        struct(s -> s.addFields(s.getFields(0)), "duplicated field name parts[a] found"),
        struct(
            s -> s.addFields(field("n", DataType.Int64)),
            "fields in StructArrayField must be Array or ArrayOfVector, field name = n,"
                + " field type = Int64"),
        struct(
            s -> s.getFieldsBuilder(0).setIsPrimaryKey(true),
            "primary key is not supported for struct field, field name = a"),
        struct(
            s -> s.getFieldsBuilder(0).setAutoID(true),
            "autoID is not supported for struct field, field name = a"),
        struct(
            s -> s.getFieldsBuilder(0).setNullable(true),
            "sub-field in non-nullable struct cannot be nullable individually, set nullable on the"
                + " struct instead: structName=parts, subFieldName=a"),
        struct(
            s -> s.addFields(array(DataType.Int8, "max_capacity", "6").setName("b")),
            "all sub-fields in struct array field must have the same max_capacity:"
                + " structName=parts, subFieldName=b, max_capacity=6, expected=5"),
        struct(
            s -> s.addFields(vectors(DataType.SparseFloatVector, "8")),
            "Unsupported element type SparseFloatVector of ArrayOfVector field w, only fixed"
                + " dimension vector types are supported"),
        struct(
            s -> s.getFieldsBuilder(0).setDataTypeValue(99),
            "fields in StructArrayField must be Array or ArrayOfVector, field name = a,"
                + " field type = UNRECOGNIZED"),
        struct(
            s -> s.getFieldsBuilder(0).setElementTypeValue(99),
            "element type UNRECOGNIZED is not supported"),
        struct(
            s -> s.addFields(vectors(DataType.FloatVector, "8").setElementTypeValue(99)),
            "Unsupported element type UNRECOGNIZED of ArrayOfVector field w, only fixed"
                + " dimension vector types are supported"),
        mistake(
            s -> s.addFields(field("n", DataType.Int64).setDataTypeValue(99)),
            "data type None is not valid"),
        struct(
            s -> s.addFields(vectors(DataType.BinaryVector, "12")),
            "binary vector dimension should be multiple of 8"),
        mistake(SchemaCheckTest::manySubFields, "maximum field's number should be limited to 64"),
        mistake(s -> s.setName("other"), "collection name films does not match schema name other"),
        mistake(
            s -> s.setDescription("x".repeat(1025)),
            "the length of the collection description should be at most 1024 bytes"));
  }

  private static Arguments struct(Consumer<StructArrayFieldSchema.Builder> mistake, String text) {
    return mistake(
        s -> {
          StructArrayFieldSchema.Builder parts = parts();
          mistake.accept(parts);
          return s.addStructArrayFields(parts);
        },
        text);
  }

  private static StructArrayFieldSchema.Builder parts() {
    return StructArrayFieldSchema.newBuilder()
        .setName("parts")
        .addFields(array(DataType.Int8, "max_capacity", "5"));
  }

  private static FieldSchema.Builder vectors(DataType element, String dimension) {
    return field("w", DataType.ArrayOfVector, "dim", dimension)
        .setElementType(element)
        .addTypeParams(pair("max_capacity", "5"));
  }

  private static CollectionSchema.Builder manySubFields(CollectionSchema.Builder schema) {
    StructArrayFieldSchema.Builder parts = parts();
    for (int i = 0; i < 62; i++) {
      parts.addFields(array(DataType.Int8, "max_capacity", "5").setName("a" + i));
    }
    return schema.addStructArrayFields(parts);
  }

  /// As what no field of the type needs is, whatever it says.
  @Test
  void anUnknownElementTypeOfAFieldWithoutElementsIsPassedOver() {
    FieldSchema.Builder number = field("n", DataType.Int64).setElementTypeValue(99);

    CollectionSchema complete = SchemaCheck.complete("films", valid().addFields(number).build());

    assertThat(complete.getFields(2).getElementType()).isEqualTo(DataType.None);
  }

  @Test
  void subFieldsOfStructsAreFieldsThatAreNullableWithTheStruct() {
    StructArrayFieldSchema.Builder parts =
        parts().setNullable(true).addFields(vectors(DataType.FloatVector, "8"));

    CollectionSchema complete =
        SchemaCheck.complete(
            "films", valid().addStructArrayFields(parts).setEnableDynamicField(true).build());

    assertThat(complete.getFieldsList())
        .extracting(field -> field.getFieldID() + ":" + field.getName() + " " + field.getNullable())
        .containsExactly(
            "100:id false",
            "101:v false",
            "103:parts[a] true",
            "104:parts[w] true",
            "105:$meta false");
    assertThat(complete.getStructArrayFieldsList())
        .containsExactly(
            StructArrayFieldSchema.newBuilder()
                .setFieldID(102)
                .setName("parts")
                .setNullable(true)
                .build());
  }

  @ParameterizedTest
  @MethodSource("notServed")
  void whatIsNotServedYetIsRefusedByName(
      UnaryOperator<CollectionSchema.Builder> use, String feature) {
    CollectionSchema schema = use.apply(valid()).build();

    assertThatThrownBy(() -> SchemaCheck.complete("films", schema))
        .hasMessage(feature + " is not supported yet: invalid parameter");
  }

  static Stream<Arguments> notServed() {
    FieldSchema.Builder number = field("n", DataType.Int64);
    return Stream.of(
        mistake(
            s -> s.addFields(number.clone().setIsClusteringKey(true)), "clustering key of field n"),
        mistake(s -> s.addFunctions(FunctionSchema.newBuilder().setName("bm25")), "function bm25"));
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void aBadCollectionNameIsRefused(String name, String text) {
    assertThatThrownBy(() -> SchemaCheck.complete(name, valid().clearName().build()))
        .hasMessage(text + ": invalid parameter");
  }

  static Stream<Arguments> badNames() {
    String tooLong = "a".repeat(256);
    return Stream.of(
        Arguments.of("", "collection name should not be empty"),
        Arguments.of(
            "1a",
            "Invalid collection name: 1a. the first character of a collection name must be an"
                + " underscore or letter"),
        Arguments.of(
            "a b",
            "Invalid collection name: a b. collection name can only contain numbers, letters"
                + " and underscores"),
        Arguments.of(
            tooLong,
            "Invalid collection name: "
                + tooLong
                + ". the length of a collection name must be less than 255 characters"));
  }

  private static Arguments mistake(UnaryOperator<CollectionSchema.Builder> change, String text) {
    return Arguments.of(change, text);
  }

  private static CollectionSchema.Builder valid() {
    return CollectionSchema.newBuilder()
        .setName("films")
        .addFields(field("id", DataType.Int64).setIsPrimaryKey(true))
        .addFields(field("v", DataType.FloatVector, "dim", "4"));
  }

  private static CollectionSchema.Builder manyFields(CollectionSchema.Builder schema) {
    for (int i = 0; i < 63; i++) {
      schema.addFields(field("f" + i, DataType.Int64));
    }
    return schema;
  }

  private static CollectionSchema.Builder manyVectors(CollectionSchema.Builder schema) {
    for (int i = 0; i < 10; i++) {
      schema.addFields(field("v" + i, DataType.FloatVector, "dim", "2"));
    }
    return schema;
  }

  private static FieldSchema.Builder array(DataType element, String param, String value) {
    return field("a", DataType.Array, param, value).setElementType(element);
  }

  private static FieldSchema.Builder field(String name, DataType type) {
    return FieldSchema.newBuilder().setName(name).setDataType(type);
  }

  private static FieldSchema.Builder field(String name, DataType type, String param, String value) {
    return field(name, type).addTypeParams(pair(param, value));
  }

  private static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }
}
