package io.elanus.chaos.system;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The commands of `./elanus cluster`, given to the process that owns the cluster: `cluster.state` in its
/// folder says where it listens, and the token to show.
final class ClusterControl implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  ClusterControl(Path folder) {
    this.folder = folder;
  }

  /// @param state `ready`, `starting`, `not ready`, `leaving`, `dead`
  /// @param says what its components say of themselves
  record Status(String name, long pid, String state, String says, String addresses) {
    boolean isReady() {
      return state.equals("ready");
    }

    boolean isDead() {
      return state.equals("dead");
    }
  }

  List<Status> status() {
    JsonArray processes = JsonParser.parseString(send("status.json", Map.of())).getAsJsonArray();
    List<Status> all = new ArrayList<>();
    for (JsonElement element : processes) {
      JsonObject process = element.getAsJsonObject();
      all.add(
          new Status(
              process.get("name").getAsString(),
              process.get("pid").getAsLong(),
              process.get("state").getAsString(),
              process.get("says").getAsString(),
              process.get("addresses").getAsString()));
    }
    return all;
  }

  void tell(String command, String process) {
    send(command, Map.of("process", process));
  }

  void scale(String role, int count) {
    send("scale", Map.of("role", role, "count", Integer.toString(count)));
  }

  private String send(String command, Map<String, String> arguments) {
    String query =
        arguments.entrySet().stream()
            .map(a -> a.getKey() + "=" + URLEncoder.encode(a.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    try {
      String[] control = Files.readAllLines(folder.resolve("cluster.state")).getFirst().split(" ");
      URI uri = URI.create("http://127.0.0.1:%s/%s?%s".formatted(control[1], command, query));
      HttpRequest request =
          HttpRequest.newBuilder(uri).timeout(LIMIT).header("x-elanus-token", control[2]).build();
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(
            "cluster %s %s: %s".formatted(command, arguments, answer.body()));
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
