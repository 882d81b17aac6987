import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.elanus.bench.ServerProcess;
import io.elanus.bench.vectors.LatentVectors;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.index.request.CreateIndexReq;
import io.milvus.v2.service.utility.request.FlushReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.SearchResp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Rates as a program sees them that uses the SDK as its examples do, rows as JSON: inserts, the wait for the index,
/// searches by one client and by several, and a start over all of it. Prints what the server's processor had to do for each.
public class SdkRates {
  private static final String HELP =
      """
      bench/sdk/run [--rows N] [--dim N] [--index NAME] [--seconds N] [--data FOLDER]
        --rows    inserted, 5,000 at a time by two clients (1000000)
        --dim     values of a vector (128); they lie near a surface of 16 dimensions
        --index   any name of Milvus's (HNSW: M 16, efConstruction 200; lists: nlist 1024, nprobe 8)
        --seconds of each measurement of searches, and before them unmeasured: compilers take their time (20)
        --data    folder of the server, which must not exist yet; kept (a temporary one, removed)
      """;

  private static final String NAME = "rates";
  private static final int BATCH = 5_000;
  private static final int WRITERS = 2;
  private static final int K = 10;
  private static final int CLIENTS = 4;
  private static final int JUDGED = 50;
  private static final Duration INDEX_PATIENCE = Duration.ofHours(2);

  private final int rows;
  private final int dimension;
  private final String index;
  private final long seconds;
  private final Path data;
  private final LatentVectors vectors;

  private SdkRates(Map<String, String> options, Path data) {
    this.rows = Integer.parseInt(options.getOrDefault("--rows", "1000000"));
    this.dimension = Integer.parseInt(options.getOrDefault("--dim", "128"));
    this.index = options.getOrDefault("--index", "HNSW");
    this.seconds = Long.parseLong(options.getOrDefault("--seconds", "20"));
    this.data = data;
    this.vectors = LatentVectors.of(dimension);
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!List.of("--rows", "--dim", "--index", "--seconds", "--data").contains(args[i]) || i + 1 == args.length) {
        System.out.print(HELP);
        System.exit(args[i].equals("--help") ? 0 : 2);
      }
      options.put(args[i], args[i + 1]);
    }
    boolean kept = options.containsKey("--data");
    Path data = kept ? Path.of(options.get("--data")) : Files.createTempDirectory("rates").resolve("data");
    new SdkRates(options, data).run();
    if (!kept) {
      new ProcessBuilder("rm", "-r", data.getParent().toString()).inheritIO().start().waitFor();
    }
    System.exit(0); // the SDK leaves threads
  }

  private void run() throws Exception {
    System.out.printf("%,d x %d, %s, Java SDK, %d processors%n", rows, dimension, index, Runtime.getRuntime().availableProcessors());
    try (ServerProcess server = ServerProcess.start(data)) {
      MilvusClientV2 client = connect(server);
      create(client);
      AtomicInteger next = new AtomicInteger();
      timed(server, "insert", rows, () -> together(server, WRITERS, (writer, _) -> insert(writer, next)));
      timed(server, "flush and index", rows, () -> awaitIndex(client));
      search(server, CLIENTS, "unmeasured");
      search(server, 1, "search, 1 client");
      search(server, CLIENTS, "search, " + CLIENTS + " clients");
      System.out.printf("  recall@%d of %d queries: %.3f%n", K, JUDGED, recall(client));
      client.close();
    }
    long start = System.nanoTime();
    try (ServerProcess server = ServerProcess.start(data)) {
      double ready = (System.nanoTime() - start) / 1e9;
      MilvusClientV2 client = connect(server);
      found(client, query(0));
      System.out.printf(
          "  start over all of it: ready after %.2f s, first answer after %.2f s%n", ready, (System.nanoTime() - start) / 1e9);
      client.close();
    }
  }

  private static MilvusClientV2 connect(ServerProcess server) {
    return new MilvusClientV2(ConnectConfig.builder().uri("http://localhost:" + server.port()).build());
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void timed(ServerProcess server, String what, int count, Work work) throws Exception {
    double cpu = server.cpuSeconds();
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "  %-18s %,7.0f rows/s, %.1f s of the server's processors a million%n",
        what, count / seconds, (server.cpuSeconds() - cpu) * 1e6 / count);
  }

  private void create(MilvusClientV2 client) {
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).isPrimaryKey(true).build());
    schema.addField(AddFieldReq.builder().fieldName("v").dataType(DataType.FloatVector).dimension(dimension).build());
    client.createCollection(
        CreateCollectionReq.builder().collectionName(NAME).collectionSchema(schema).indexParams(List.of(wanted())).build());
  }

  private IndexParam wanted() {
    Map<String, Object> params =
        index.startsWith("HNSW")
            ? Map.of("M", 16, "efConstruction", 200)
            : index.equals("AUTOINDEX") ? Map.of() : Map.of("nlist", 1024);
    return IndexParam.builder()
        .fieldName("v")
        .indexType(IndexParam.IndexType.valueOf(index))
        .metricType(IndexParam.MetricType.L2)
        .extraParams(new HashMap<>(params))
        .build();
  }

  private void insert(MilvusClientV2 client, AtomicInteger next) {
    for (int from = next.getAndAdd(BATCH); from < rows; from = next.getAndAdd(BATCH)) {
      List<JsonObject> batch = IntStream.range(from, Math.min(rows, from + BATCH)).mapToObj(this::row).toList();
      client.insert(InsertReq.builder().collectionName(NAME).data(batch).build());
    }
  }

  private JsonObject row(int id) {
    JsonArray values = new JsonArray(dimension);
    for (float value : vectors.vector(id)) {
      values.add(value);
    }
    JsonObject row = new JsonObject();
    row.addProperty("id", id);
    row.add("v", values);
    return row;
  }

  /// The same request for an index again, now with a wait until it is built.
  private void awaitIndex(MilvusClientV2 client) {
    client.flush(FlushReq.builder().collectionNames(List.of(NAME)).build());
    client.createIndex(
        CreateIndexReq.builder()
            .collectionName(NAME)
            .indexParams(List.of(wanted()))
            .sync(true)
            .timeout(INDEX_PATIENCE.toMillis())
            .build());
  }

  private void search(ServerProcess server, int clients, String what) throws Exception {
    List<List<Double>> millis = IntStream.range(0, clients).<List<Double>>mapToObj(_ -> new ArrayList<>()).toList();
    double cpu = server.cpuSeconds();
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    together(server, clients, (client, number) -> {
      for (int q = number; System.nanoTime() < end; q += clients) {
        long start = System.nanoTime();
        found(client, query(q));
        millis.get(number).add((System.nanoTime() - start) / 1e6);
      }
    });
    double[] all = millis.stream().flatMap(List::stream).mapToDouble(Double::doubleValue).sorted().toArray();
    System.out.printf(
        "  %-18s %,7d queries/s, median %.2f ms, P99 %.2f ms, %.2f ms of the server's processors each%n",
        what,
        all.length / seconds,
        all[all.length / 2],
        all[all.length * 99 / 100],
        (server.cpuSeconds() - cpu) * 1e3 / all.length);
  }

  private List<SearchResp.SearchResult> found(MilvusClientV2 client, float[] query) {
    SearchResp answer =
        client.search(
            SearchReq.builder()
                .collectionName(NAME)
                .data(List.of(new FloatVec(query)))
                .limit(K)
                .searchParams(index.startsWith("HNSW") ? Map.of("ef", 64) : Map.of())
                .consistencyLevel(ConsistencyLevel.BOUNDED)
                .build());
    return answer.getSearchResults().getFirst();
  }

  /// How many of the true neighbours are found; those at the same distance as the last one count as well.
  private double recall(MilvusClientV2 client) {
    float[][] queries = IntStream.range(0, JUDGED).mapToObj(this::query).toArray(float[][]::new);
    float[][] nearest = new float[JUDGED][rows];
    IntStream.range(0, rows).parallel().forEach(id -> {
      float[] vector = vectors.vector(id);
      for (int q = 0; q < JUDGED; q++) {
        nearest[q][id] = squared(queries[q], vector);
      }
    });
    int hits = 0;
    for (int q = 0; q < JUDGED; q++) {
      Arrays.sort(nearest[q]);
      for (SearchResp.SearchResult hit : found(client, queries[q])) {
        hits += squared(queries[q], vectors.vector((Long) hit.getId())) <= nearest[q][K - 1] * 1.000001f ? 1 : 0;
      }
    }
    return hits / (double) (K * JUDGED);
  }

  private static float squared(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  private float[] query(int number) {
    return vectors.vector(1_000_000_000L + number);
  }

  private interface Part {
    /// @param number of the client
    void run(MilvusClientV2 client, int number) throws Exception;
  }

  /// Does parts of the same work at the same time, one by each client.
  private static void together(ServerProcess server, int clients, Part part) throws Exception {
    List<MilvusClientV2> connected = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(clients)) {
      List<Future<?>> parts = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        int number = i;
        MilvusClientV2 client = connect(server);
        connected.add(client);
        parts.add(executor.submit(() -> {
          part.run(client, number);
          return null;
        }));
      }
      for (Future<?> one : parts) {
        one.get();
      }
    }
    connected.forEach(MilvusClientV2::close);
  }
}
