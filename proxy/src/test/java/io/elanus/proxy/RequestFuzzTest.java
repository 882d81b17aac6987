package io.elanus.proxy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import io.elanus.proto.milvus.AddCollectionStructFieldRequest;
import io.elanus.proto.milvus.ArrayArray;
import io.elanus.proto.milvus.BoolArray;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.CreateIndexRequest;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.DeleteRequest;
import io.elanus.proto.milvus.DoubleArray;
import io.elanus.proto.milvus.DropCollectionRequest;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.FloatArray;
import io.elanus.proto.milvus.GeometryWktArray;
import io.elanus.proto.milvus.HybridSearchRequest;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.IntArray;
import io.elanus.proto.milvus.JSONArray;
import io.elanus.proto.milvus.LoadCollectionRequest;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.SparseFloatArray;
import io.elanus.proto.milvus.StringArray;
import io.elanus.proto.milvus.StructArrayFieldSchema;
import io.elanus.proto.milvus.TemplateValue;
import io.elanus.proto.milvus.UpsertRequest;
import io.elanus.proto.milvus.VectorArray;
import io.elanus.proto.milvus.VectorField;
import io.elanus.proxy.service.AlterService;
import io.elanus.proxy.service.CollectionService;
import io.elanus.proxy.service.IndexService;
import io.elanus.proxy.service.LoadService;
import io.elanus.proxy.service.ReadService;
import io.elanus.proxy.service.WriteService;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Requests as bytes, through a whole proxy to nodes that answer nothing: served, or a client's mistake. The lowest
/// three bits of the first byte say which request, the next one of which collection: of requests that change a schema,
/// whether a collection is made, or structs are added to one.
public final class RequestFuzzTest {
  private static final String TYPES = "types";
  private static final String MADE = "made";

  /// A request later the world is made anew: what is written is kept in it.
  private static final int REQUESTS = 300;

  private static World world = new World();

  /// A film collection, one with a field of every type that assigns its keys, and a node.
  private static final class World implements AutoCloseable {
    final MemoryCluster cluster = new MemoryCluster();
    final MemoryQueryNode node = cluster.comes(41);
    private int served;

    World() {
      FilmApi films = new FilmApi(cluster);
      films.create(2, false);
      films.index();
      films.load();
      cluster.call(() -> cluster.service(CollectionService.class).createCollection(types(TYPES)));
      for (String field : List.of("f32", "bits", "f16", "sparse")) {
        cluster.call(() -> cluster.service(IndexService.class).createIndex(index(field)));
      }
      LoadCollectionRequest load =
          LoadCollectionRequest.newBuilder().setCollectionName(TYPES).build();
      cluster.call(() -> cluster.service(LoadService.class).loadCollection(load));
    }

    private static CreateIndexRequest index(String field) {
      String metric =
          switch (field) {
            case "bits" -> "HAMMING";
            case "sparse" -> "IP";
            default -> "COSINE";
          };
      return CreateIndexRequest.newBuilder()
          .setCollectionName(TYPES)
          .setFieldName(field)
          .addExtraParams(Requests.pair("index_type", "AUTOINDEX"))
          .addExtraParams(Requests.pair("metric_type", metric))
          .build();
    }

    private static CreateCollectionRequest types(String name) {
      CollectionSchema.Builder schema =
          CollectionSchema.newBuilder().setName(name).setEnableDynamicField(true);
      schema.addFields(
          FieldSchema.newBuilder()
              .setName("key")
              .setDataType(DataType.VarChar)
              .setIsPrimaryKey(true)
              .setAutoID(true)
              .addTypeParams(Requests.pair("max_length", "20")));
      add(schema, "flag", DataType.Bool);
      add(schema, "i8", DataType.Int8);
      add(schema, "i64", DataType.Int64);
      add(schema, "f", DataType.Float);
      add(schema, "d", DataType.Double);
      add(schema, "text", DataType.VarChar);
      add(schema, "json", DataType.JSON);
      add(schema, "list", DataType.Array);
      add(schema, "shape", DataType.Geometry);
      add(schema, "time", DataType.Timestamptz);
      add(schema, "f32", DataType.FloatVector);
      add(schema, "bits", DataType.BinaryVector);
      add(schema, "f16", DataType.Float16Vector);
      add(schema, "sparse", DataType.SparseFloatVector);
      schema.addStructArrayFields(structs("structs"));
      return CreateCollectionRequest.newBuilder()
          .setCollectionName(name)
          .setSchema(schema.build().toByteString())
          .setShardsNum(2)
          .build();
    }

    private static void add(CollectionSchema.Builder schema, String name, DataType type) {
      FieldSchema.Builder field =
          FieldSchema.newBuilder().setName(name).setDataType(type).setNullable(true);
      switch (type) {
        case VarChar -> field.addTypeParams(Requests.pair("max_length", "20"));
        case Array ->
            field.setElementType(DataType.Int16).addTypeParams(Requests.pair("max_capacity", "4"));
        case FloatVector, Float16Vector -> field.addTypeParams(Requests.pair("dim", "2"));
        case BinaryVector -> field.addTypeParams(Requests.pair("dim", "8"));
        default -> {}
      }
      schema.addFields(field);
    }

    static StructArrayFieldSchema.Builder structs(String name) {
      return StructArrayFieldSchema.newBuilder()
          .setName(name)
          .setNullable(true)
          .addFields(part("n", DataType.Array, DataType.Int32))
          .addFields(
              part("t", DataType.Array, DataType.VarChar)
                  .addTypeParams(Requests.pair("max_length", "20")))
          .addFields(
              part("v", DataType.ArrayOfVector, DataType.FloatVector)
                  .addTypeParams(Requests.pair("dim", "2")));
    }

    private static FieldSchema.Builder part(String name, DataType type, DataType element) {
      return FieldSchema.newBuilder()
          .setName(name)
          .setDataType(type)
          .setElementType(element)
          .addTypeParams(Requests.pair("max_capacity", "3"));
    }

    /// @return whether this one has served its time
    boolean serve(byte[] input) {
      String collection = (input[0] & 8) == 0 ? FilmApi.NAME : TYPES;
      ByteString body = ByteString.copyFrom(input, 1, input.length - 1);
      try {
        serve(input[0] & 7, collection, body);
      } catch (InvalidProtocolBufferException _) {
        // refused before it comes to us
      }
      return ++served >= REQUESTS;
    }

    private void serve(int kind, String name, ByteString body)
        throws InvalidProtocolBufferException {
      WriteService writes = cluster.service(WriteService.class);
      ReadService reads = cluster.service(ReadService.class);
      switch (kind) {
        case 0 -> {
          InsertRequest request =
              InsertRequest.parseFrom(body).toBuilder().setCollectionName(name).build();
          cluster.call(() -> writes.insert(request));
        }
        case 1 -> {
          UpsertRequest request =
              UpsertRequest.parseFrom(body).toBuilder().setCollectionName(name).build();
          node.answer();
          cluster.call(() -> writes.upsert(request));
        }
        case 2 -> {
          DeleteRequest request =
              DeleteRequest.parseFrom(body).toBuilder().setCollectionName(name).build();
          node.refuse(ErrorCode.UNIMPLEMENTED);
          cluster.call(() -> writes.delete(request));
        }
        case 4 -> {
          if (name.equals(TYPES)) {
            add(
                AddCollectionStructFieldRequest.parseFrom(body).toBuilder()
                    .setCollectionName(name)
                    .build());
          } else {
            create(CreateCollectionRequest.parseFrom(body));
          }
        }
        case 3 -> {
          SearchRequest request =
              SearchRequest.parseFrom(body).toBuilder().setCollectionName(name).build();
          answerOnly(request.getDsl().isBlank());
          cluster.call(() -> reads.search(request));
        }
        case 5 -> {
          HybridSearchRequest request =
              HybridSearchRequest.parseFrom(body).toBuilder().setCollectionName(name).build();
          node.refuse(ErrorCode.UNIMPLEMENTED);
          cluster.call(() -> reads.hybridSearch(request));
        }
        default -> {
          QueryRequest request =
              QueryRequest.parseFrom(body).toBuilder().setCollectionName(name).build();
          answerOnly(request.getExpr().isBlank());
          cluster.call(() -> reads.query(request));
        }
      }
    }

    private void add(AddCollectionStructFieldRequest request) {
      AlterService alter = cluster.service(AlterService.class);
      cluster.call(() -> alter.addCollectionStructField(request));
    }

    /// It does not stay.
    private void create(CreateCollectionRequest request) {
      CollectionService collections = cluster.service(CollectionService.class);
      CreateCollectionRequest made = request.toBuilder().setCollectionName(MADE).build();
      cluster.call(() -> collections.createCollection(made));
      DropCollectionRequest drop =
          DropCollectionRequest.newBuilder().setCollectionName(MADE).build();
      cluster.call(() -> collections.dropCollection(drop));
    }

    /// The node in memory knows few filters.
    private void answerOnly(boolean known) {
      if (known) {
        node.answer();
      } else {
        node.refuse(ErrorCode.UNIMPLEMENTED);
      }
    }

    @Override
    public void close() {
      cluster.close();
    }
  }

  static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    FieldData[] films = {Films.ids(1, 2), Films.titles("a", "b"), Films.vectors(1, 2, 3, 4)};
    add(seeds, 0, InsertRequest.newBuilder().setNumRows(2).addAllFieldsData(List.of(films)));
    add(seeds, 1, UpsertRequest.newBuilder().setNumRows(2).addAllFieldsData(List.of(films)));
    add(
        seeds,
        1,
        UpsertRequest.newBuilder()
            .setPartialUpdate(true)
            .setNumRows(2)
            .addFieldsData(films[0])
            .addFieldsData(films[1]));
    add(seeds, 8, InsertRequest.newBuilder().setNumRows(2).addAllFieldsData(everyType()));
    add(seeds, 8, InsertRequest.newBuilder().setNumRows(1));
    add(seeds, 8, InsertRequest.newBuilder().setNumRows(3).addFieldsData(structs(false)));
    add(seeds, 8, InsertRequest.newBuilder().setNumRows(3).addFieldsData(structs(true)));
    FieldData keys = key("a", "b", "c");
    add(
        seeds,
        9,
        UpsertRequest.newBuilder().setNumRows(3).addFieldsData(keys).addFieldsData(structs(true)));
    add(
        seeds,
        9,
        UpsertRequest.newBuilder()
            .setPartialUpdate(true)
            .setNumRows(3)
            .addFieldsData(keys)
            .addFieldsData(structs(false)));
    add(seeds, 4, World.types(MADE).toBuilder());
    add(
        seeds,
        12,
        AddCollectionStructFieldRequest.newBuilder()
            .setStructArrayFieldSchema(World.structs("more")));
    add(
        seeds,
        2,
        DeleteRequest.newBuilder()
            .setExpr("id in {ids} or title == \"x\"")
            .putExprTemplateValues("ids", TemplateValue.newBuilder().setInt64Val(7).build()));
    add(seeds, 2, DeleteRequest.newBuilder().setExpr("id in [1, 2]"));
    add(seeds, 3, search().setDsl("id > 1 and title like \"a%\""));
    add(seeds, 3, search());
    add(seeds, 11, search().setDsl("json[\"a\"] == 1"));
    add(seeds, 5, HybridSearchRequest.newBuilder().addRequests(search()));
    add(
        seeds,
        6,
        QueryRequest.newBuilder()
            .setExpr("")
            .addOutputFields("*")
            .addQueryParams(Requests.pair("limit", "5"))
            .addQueryParams(Requests.pair("iterator", "True")));
    add(
        seeds,
        14,
        QueryRequest.newBuilder().setExpr("i64 > 1 and exists json[\"x\"]").addOutputFields("f32"));
    add(
        seeds,
        14,
        QueryRequest.newBuilder()
            .setExpr("")
            .addOutputFields("structs[v]")
            .addOutputFields("more")
            .addQueryParams(Requests.pair("limit", "5")));
    add(seeds, 6, QueryRequest.newBuilder().setExpr("").addOutputFields("count(*)"));
    return seeds;
  }

  private static SearchRequest.Builder search() {
    return FilmApi.top(3, 1)
        .setPlaceholderGroup(FilmApi.placeholder(1, 2))
        .setNq(1)
        .addOutputFields("title")
        .addOutputFields("color")
        .addSearchParams(
            Requests.pair("params", "{\"ef\": 40, \"radius\": 9.5, \"range_filter\": 0.5}"))
        .addSearchParams(Requests.pair("round_decimal", "3"));
  }

  private static List<FieldData> everyType() {
    return List.of(
        column("flag", ScalarField.newBuilder().setBoolData(BoolArray.newBuilder().addData(true))),
        column("i8", ScalarField.newBuilder().setIntData(IntArray.newBuilder().addData(-128))),
        column("i64", ScalarField.newBuilder().setLongData(LongArray.newBuilder().addData(9))),
        column("f", ScalarField.newBuilder().setFloatData(FloatArray.newBuilder().addData(.5f))),
        column("d", ScalarField.newBuilder().setDoubleData(DoubleArray.newBuilder().addData(.5))),
        column(
            "text", ScalarField.newBuilder().setStringData(StringArray.newBuilder().addData("ä"))),
        column(
            "json",
            ScalarField.newBuilder()
                .setJsonData(JSONArray.newBuilder().addData(utf8("{\"a\": [1, null]}")))),
        column(
            "list",
            ScalarField.newBuilder()
                .setArrayData(
                    ArrayArray.newBuilder()
                        .addData(
                            ScalarField.newBuilder()
                                .setIntData(IntArray.newBuilder().addData(1).addData(2))))),
        column(
            "shape",
            ScalarField.newBuilder()
                .setGeometryWktData(
                    GeometryWktArray.newBuilder().addData("POLYGON ((0 0, 1 1, 1 0, 0 0))"))),
        column(
            "time",
            ScalarField.newBuilder()
                .setStringData(StringArray.newBuilder().addData("2025-01-02T03:04:05.6+07:00"))),
        column(
                "$meta",
                ScalarField.newBuilder()
                    .setJsonData(JSONArray.newBuilder().addData(utf8("{}")).addData(utf8("{}"))))
            .toBuilder()
            .clearValidData()
            .setIsDynamic(true)
            .build(),
        vectors(
            "f32",
            VectorField.newBuilder()
                .setDim(2)
                .setFloatVector(FloatArray.newBuilder().addData(1).addData(2))),
        vectors("bits", VectorField.newBuilder().setDim(8).setBinaryVector(utf8("x"))),
        vectors("f16", VectorField.newBuilder().setDim(2).setFloat16Vector(utf8("abcd"))),
        vectors(
            "sparse",
            VectorField.newBuilder()
                .setSparseFloatVector(
                    SparseFloatArray.newBuilder()
                        .addContents(ByteString.copyFrom(new byte[] {1, 0, 0, 0, 0, 0, 0, 63})))));
  }

  /// A value and a null.
  private static FieldData column(String name, ScalarField.Builder values) {
    return FieldData.newBuilder()
        .setFieldName(name)
        .setScalars(values)
        .addValidData(true)
        .addValidData(false)
        .build();
  }

  private static FieldData vectors(String name, VectorField.Builder values) {
    return FieldData.newBuilder()
        .setFieldName(name)
        .setVectors(values)
        .addValidData(true)
        .addValidData(false)
        .build();
  }

  /// Three rows: two structs, null, and no structs; which row is null the struct says, or all of its sub-fields.
  private static FieldData structs(boolean byStruct) {
    List<Boolean> valid = List.of(true, false, true);
    FieldData.Builder data =
        FieldData.newBuilder().setFieldName("structs").setType(DataType.ArrayOfStruct);
    ScalarField.Builder numbers =
        ScalarField.newBuilder().setIntData(IntArray.newBuilder().addData(1).addData(2));
    ScalarField.Builder texts =
        ScalarField.newBuilder().setStringData(StringArray.newBuilder().addData("a").addData("ä"));
    FloatArray.Builder floats = FloatArray.newBuilder().addData(1).addData(2).addData(3).addData(4);
    List<FieldData.Builder> parts =
        List.of(
            FieldData.newBuilder()
                .setFieldName("n")
                .setScalars(
                    ScalarField.newBuilder()
                        .setArrayData(
                            ArrayArray.newBuilder()
                                .addData(numbers)
                                .addData(ScalarField.getDefaultInstance()))),
            FieldData.newBuilder()
                .setFieldName("t")
                .setScalars(
                    ScalarField.newBuilder()
                        .setArrayData(
                            ArrayArray.newBuilder()
                                .addData(texts)
                                .addData(ScalarField.getDefaultInstance()))),
            FieldData.newBuilder()
                .setFieldName("v")
                .setVectors(
                    VectorField.newBuilder()
                        .setDim(2)
                        .setVectorArray(
                            VectorArray.newBuilder()
                                .setDim(2)
                                .addData(VectorField.newBuilder().setDim(2).setFloatVector(floats))
                                .addData(VectorField.getDefaultInstance()))));
    for (FieldData.Builder part : parts) {
      data.getStructArraysBuilder().addFields(byStruct ? part : part.addAllValidData(valid));
    }
    return byStruct ? data.addAllValidData(valid).build() : data.build();
  }

  private static FieldData key(String... keys) {
    return FieldData.newBuilder()
        .setFieldName("key")
        .setScalars(
            ScalarField.newBuilder()
                .setStringData(StringArray.newBuilder().addAllData(List.of(keys))))
        .build();
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFrom(text, StandardCharsets.UTF_8);
  }

  private static void add(List<byte[]> seeds, int kind, Message.Builder request) {
    byte[] body = request.build().toByteArray();
    byte[] seed = new byte[body.length + 1];
    seed[0] = (byte) kind;
    System.arraycopy(body, 0, seed, 1, body.length);
    seeds.add(seed);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      Fuzzing.judge(
          input,
          Fuzzing.CLIENT,
          () -> {
            if (world.serve(input)) {
              renew();
            }
          });
    }
  }

  private static void renew() {
    world.close();
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("request", seeds(), RequestFuzzTest::fuzzerTestOneInput);
  }
}
