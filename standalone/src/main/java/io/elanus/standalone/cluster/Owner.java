package io.elanus.standalone.cluster;

import io.elanus.standalone.cluster.StateFile.Entry;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The process that owns the cluster of a folder, as other commands see it.
record Owner(StateFile state) {
  /// @throws IllegalStateException when no cluster runs there
  static Owner of(Path folder) {
    return new Owner(requireState(folder));
  }

  /// Blocks until it is done.
  ///
  /// @throws IllegalStateException when it cannot be done, or the owner ended meanwhile
  String command(String command, Map<String, String> arguments) throws InterruptedException {
    String query =
        arguments.entrySet().stream()
            .map(a -> a.getKey() + "=" + URLEncoder.encode(a.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    URI uri = URI.create("http://127.0.0.1:%d/%s?%s".formatted(state.port(), command, query));
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header(Control.TOKEN, state.token())
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new IllegalStateException("the cluster does not answer: " + e, e);
    }
  }

  /// Ends the cluster of a folder in good order, or what a killed owner left behind of it.
  static String stop(Path folder) throws InterruptedException {
    StateFile state = requireState(folder);
    Optional<Entry> owner = state.owner();
    if (owner.isEmpty()) {
      return killAll(folder);
    }
    new Owner(state).command("stop", Map.of());
    owner.get().awaitEnd();
    return "stopped";
  }

  /// Kills all processes of the cluster of a folder, the owner first, as a machine that loses power would.
  static String killAll(Path folder) throws InterruptedException {
    StateFile state = requireState(folder);
    List<Entry> alive = state.alive();
    for (Entry process : alive) {
      process.kill();
    }
    StateFile.delete(folder);
    return alive.stream().map(Entry::name).collect(Collectors.joining(", ", "killed ", ""));
  }

  private static StateFile requireState(Path folder) {
    return StateFile.read(folder)
        .orElseThrow(() ->
            new IllegalStateException("no cluster runs on %s".formatted(folder.toAbsolutePath())));
  }
}
