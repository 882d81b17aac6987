package io.elanus.chaos.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How much was merged, indexed and swept, by the counters of processes that come and go: what they did between the
/// last look and their end is not counted. Used by one thread.
public final class BackgroundWork implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /// What a count is called, by the start of the line that tells it.
  private static final Map<String, String> COUNTERS =
      Map.of(
          "elanus_datacoord_ended_compactions_total{outcome=\"done\"", "compactions",
          "elanus_datacoord_ended_jobs_total{outcome=\"done\"", "index_builds",
          "elanus_datacoord_swept_objects_total", "objects_swept");

  /// A counter of a process.
  private record Source(Member member, String what) {}

  private final Deployment deployment;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Source, Long> seen = new HashMap<>();
  private final Map<String, Long> sums = new TreeMap<>();

  public BackgroundWork(Deployment deployment) {
    this.deployment = deployment;
  }

  /// Adds what the process did since the last look. One that does not answer is passed over.
  public void look(Member member) {
    deployment
        .metrics(member)
        .flatMap(this::get)
        .ifPresent(text -> text.lines().forEach(line -> note(member, line)));
  }

  /// What was done since this was asked last, after a look at every process.
  public Map<String, Long> take() {
    deployment.members().forEach(this::look);
    Map<String, Long> taken = new TreeMap<>(sums);
    sums.clear();
    return taken;
  }

  private void note(Member member, String line) {
    COUNTERS.forEach((start, what) -> {
      if (line.startsWith(start)) {
        long now = (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        long before = Optional.ofNullable(seen.put(new Source(member, what), now)).orElse(0L);
        sums.merge(what, now < before ? now : now - before, Long::sum);
      }
    });
  }

  private Optional<String> get(URI uri) {
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(LIMIT).build();
      return Optional.of(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
