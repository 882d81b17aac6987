package io.elanus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.adapters.s3.S3ObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a process of all roles shows on its management port, after some work: all that the chart's rules,
/// autoscalers and boards ask for, and what docs/operations/metrics.md lists.
@SuppressWarnings("NullAway.Init") // before all
class MetricsTest {
  private static final Path ROOT = Path.of(System.getProperty("elanus.root", ".."));
  private static final Run RUN = new SystemRun();

  private static final Pattern NAME = Pattern.compile("\\b(elanus|milvus|jvm|process)_[a-z0-9_]+");
  private static final Pattern ROW = Pattern.compile("^\\| `(\\w+)` \\| (\\w+) \\|");
  private static final Pattern FAMILY = Pattern.compile("^# TYPE ((?:elanus|milvus)_\\w+) (\\w+)$");

  /// Has no series before the first failure.
  private static final Set<String> AFTER_A_FAILURE =
      Set.of(
          "elanus_rpc_failures_total",
          "elanus_meta_failures_total",
          "elanus_wal_failures_total",
          "elanus_objects_failures_total");

  @TempDir private static Path data;

  private static RoleProcess server;
  private static Map<String, Double> samples;
  private static String text;

  @BeforeAll
  static void work() throws Exception {
    ProcessConfig config = Configs.process("localStorage.path=" + data);
    server = RoleProcess.start(config, Role.all(), context -> opened(config, context));
    assertThat(server.awaitReady(Deadline.after(RUN, Duration.ofSeconds(30)))).isTrue();
    try (Birds birds = new Birds(RUN, server.publicPort().orElseThrow(), "birds")) {
      birds.create();
      birds.insert(0, 100);
      birds.flush();
      birds.insert(100, 10);
      assertThat(birds.nearest(42)).isEqualTo(42);
      assertThat(birds.nearest(105)).isEqualTo(105);
      assertThat(birds.count()).isEqualTo(110);
      birds.failToCreate();
    }
    scrape();
    Deadline limit = Deadline.after(RUN, Duration.ofSeconds(30));
    while (!isSettled()) {
      limit.check(RUN, "the numbers of the work done");
      RUN.sleep(Duration.ofMillis(20));
      scrape();
    }
  }

  /// A call ends a moment after its client has the answer; a datanode follows the log.
  private static boolean isSettled() {
    return value("elanus_proxy_in_flight_requests") == 0
        && value("elanus_datanode_unflushed_bytes") > 0;
  }

  /// A client of S3 that asks nothing has its metrics, too.
  private static Backends opened(ProcessConfig config, Backends.Opening.Context context) {
    SharedConfig shared =
        SharedConfig.of(
            Configs.of(
                "minio.address=127.0.0.1:1",
                "minio.region=nowhere",
                "minio.accessKeyID=nobody",
                "minio.secretAccessKey=none"));
    S3ObjectStore.open(context.run(), shared.objects(), context.meters()).close();
    return EmbeddedDisk.open(context.run(), config.folder());
  }

  private static void scrape() throws Exception {
    URI uri = URI.create("http://127.0.0.1:%d/metrics".formatted(server.managementPort()));
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
    samples = new TreeMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> {
          int at = line.lastIndexOf(' ');
          samples.put(line.substring(0, at), Double.parseDouble(line.substring(at + 1)));
        });
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyMetricThatRulesAutoscalersAndBoardsAskForIsThere() throws IOException {
    TreeSet<String> asked = new TreeSet<>(named(ROOT.resolve("k8s/chart")));
    asked.addAll(named(ROOT.resolve("docker/observability")));
    asked.removeAll(AFTER_A_FAILURE);

    Set<String> there =
        samples.keySet().stream()
            .map(sample -> sample.replaceFirst("\\{.*", ""))
            .collect(Collectors.toSet());

    assertThat(asked).contains("elanus_querynode_queue_wait_seconds_bucket").isSubsetOf(there);
  }

  @Test
  void thePageOfMetricsListsExactlyWhatIsThere() throws IOException {
    Map<String, String> shown = new TreeMap<>();
    text.lines()
        .map(FAMILY::matcher)
        .filter(Matcher::matches)
        .filter(family -> !family.group(1).endsWith("_max"))
        .forEach(family -> shown.put(family.group(1), family.group(2)));
    AFTER_A_FAILURE.forEach(name -> shown.put(name, "counter"));

    Map<String, String> listed = new TreeMap<>();
    Files.readString(ROOT.resolve("docs/operations/metrics.md"))
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::find)
        .forEach(row -> listed.put(row.group(1), row.group(2)));

    assertThat(listed).containsExactlyInAnyOrderEntriesOf(shown);
  }

  @Test
  void theNumbersAreThoseOfTheWorkDone() {
    assertThat(value("milvus_proxy_req_count{function_name=\"Search\",status=\"success\"}"))
        .isEqualTo(2);
    assertThat(value("milvus_proxy_req_latency_count{function_name=\"Search\"}")).isEqualTo(2);
    assertThat(value("milvus_proxy_insert_vectors_count")).isEqualTo(110);
    assertThat(value("milvus_proxy_search_vectors_count")).isEqualTo(2);
    assertThat(value("elanus_proxy_in_flight_requests")).isZero();
    assertThat(value("milvus_proxy_req_count{function_name=\"CreateCollection\",status=\"fail\"}"))
        .isEqualTo(1);
    assertThat(value("elanus_querynode_read_seconds_count{kind=\"search\"}"))
        .as("of two shards each")
        .isEqualTo(4);
    assertThat(value("elanus_querynode_read_seconds_count{kind=\"query\"}")).isEqualTo(2);
    assertThat(value("elanus_querynode_queue_wait_seconds_count")).isGreaterThanOrEqualTo(6);
    assertThat(value("elanus_querynode_led_shards")).isEqualTo(2);
    assertThat(value("elanus_datanode_flushed_rows_total")).isEqualTo(100);
    assertThat(value("elanus_datanode_unflushed_bytes")).isPositive();
    assertThat(value("elanus_datanode_lag_seconds")).isLessThan(10);
    assertThat(value("elanus_wal_appended_bytes_total")).isPositive();
    for (String role : Set.of("rootcoord", "querycoord", "datacoord")) {
      assertThat(value("elanus_coordinator_leading{role=\"%s\"}".formatted(role))).isEqualTo(1);
    }
    assertThat(value("milvus_rootcoord_collection_num")).isEqualTo(1);
    assertThat(value("milvus_querycoord_collection_num")).isEqualTo(1);
    assertThat(value("elanus_datacoord_waiting_jobs")).isZero();
    assertThat(value("elanus_process_ready")).isEqualTo(1);
  }

  /// One label more with every collection, user or connection would break whoever collects metrics.
  @Test
  void labelsDoNotGrowWithTheData() {
    Set<String> labels =
        samples.keySet().stream()
            .filter(sample -> NAME.matcher(sample).lookingAt())
            .filter(sample -> !sample.startsWith("jvm") && !sample.startsWith("process"))
            .flatMap(sample -> Pattern.compile("(\\w+)=\"").matcher(sample).results())
            .map(label -> label.group(1))
            .collect(Collectors.toSet());

    assertThat(labels)
        .isSubsetOf(
            "role",
            "method",
            "code",
            "operation",
            "kind",
            "outcome",
            "version",
            "le",
            "function_name",
            "status",
            "action",
            "failure");
    assertThat(samples).as("series of a process of all roles").hasSizeLessThan(3_000);
  }

  private static double value(String sample) {
    Double value = samples.get(sample);
    assertThat(value).as(sample).isNotNull();
    return value;
  }

  private static Set<String> named(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .flatMap(file -> NAME.matcher(read(file)).results())
          .map(name -> name.group())
          .collect(Collectors.toSet());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
