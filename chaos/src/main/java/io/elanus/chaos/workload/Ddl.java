package io.elanus.chaos.workload;

import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.history.Outcome;
import io.elanus.chaos.workload.Client.Attempt;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq.CollectionSchema;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// Statements about the catalog: one session creates, describes and drops collections of a few names of its
/// own. A name is a register, whose version is the description that the collection was created with, so both
/// checkers judge the catalog as they judge rows: a create that is lost, or that takes effect twice, shows.
///
/// Names have keys below 0, so that they are not mixed up with rows.
public final class Ddl implements Load.Work {
  public static final List<String> REQUESTS = List.of("create", "drop", "describe");

  static final String PREFIX = "ddl_";

  private static final int NAMES = 3;

  private final Random random;
  private final Pace pace;

  /// @param pace mean time between two statements
  public Ddl(long seed, Duration pace) {
    this.random = new Random(seed);
    this.pace = new Pace(random, pace);
  }

  /// @param key below 0
  record Name(String text, long key) {
    static List<Name> of(int session) {
      return IntStream.range(0, NAMES)
          .mapToObj(i -> new Name(PREFIX + session + "_" + i, -1L - session * NAMES - i))
          .toList();
    }
  }

  @Override
  public void step(Client client) {
    Name name = Name.of(client.session()).get(random.nextInt(NAMES));
    int dice = random.nextInt(100);
    if (dice < 40) {
      create(client, name);
    } else if (dice < 70) {
      drop(client, name);
    } else {
      describe(client, name, "describe");
    }
    pace.rest();
  }

  private static void create(Client client, Name name) {
    long version = client.scene().keys().freshVersion();
    CreateCollectionReq request =
        CreateCollectionReq.builder()
            .collectionName(name.text)
            .description(Long.toString(version))
            .collectionSchema(schema())
            .build();
    write(client, "create", name, version, sdk -> sdk.createCollection(request));
  }

  private static void drop(Client client, Name name) {
    DropCollectionReq request = DropCollectionReq.builder().collectionName(name.text).build();
    write(client, "drop", name, Event.ABSENT, sdk -> sdk.dropCollection(request));
  }

  /// @return the version that the name has; empty when the server did not say
  static Optional<Long> describe(Client client, Name name, String as) {
    DescribeCollectionReq request =
        DescribeCollectionReq.builder().collectionName(name.text).build();
    Attempt<Long> attempt =
        client.attempt(as, sdk -> Long.parseLong(sdk.describeCollection(request).getDescription()));
    boolean isAbsent = attempt.code() == Failure.COLLECTION_NOT_FOUND;
    if (attempt.outcome() != Outcome.OK && !isAbsent) {
      return Optional.empty();
    }
    long version = attempt.value().orElse(Event.ABSENT);
    client
        .scene()
        .history()
        .add(new Event.Read(client.by(as), Level.STRONG, name.key, version, attempt.span()));
    return Optional.of(version);
  }

  private interface Statement {
    void send(MilvusClientV2 sdk);
  }

  private static void write(
      Client client, String request, Name name, long version, Statement statement) {
    Attempt<Boolean> attempt =
        client.attempt(
            request,
            sdk -> {
              statement.send(sdk);
              return true;
            });
    client
        .scene()
        .history()
        .add(
            new Event.Write(
                client.by(request), name.key, version, attempt.outcome(), attempt.span()));
  }

  private static CollectionSchema schema() {
    CollectionSchema schema = CollectionSchema.builder().build();
    schema.addField(
        AddFieldReq.builder()
            .fieldName(Rows.ID)
            .dataType(DataType.Int64)
            .isPrimaryKey(true)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName(Rows.VECTOR)
            .dataType(DataType.FloatVector)
            .dimension(Rows.SMALL)
            .build());
    return schema;
  }
}
