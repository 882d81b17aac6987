package io.elanus.standalone.cluster;

import io.elanus.standalone.cluster.Part.Readiness;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Asks processes whether they are ready.
final class Readyz implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// A component of the page: name, whether it is ready, and what it says.
  private static final Pattern COMPONENT =
      Pattern.compile(
          "\\{\"name\":\"([^\"]*)\",\"ready\":(true|false),\"state\":\"[A-Z]*\",\"reason\":\"([^\"]*)\"");

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  Readiness ask(int managementPort) {
    URI page = URI.create("http://127.0.0.1:%d/readyz".formatted(managementPort));
    HttpRequest request = HttpRequest.newBuilder(page).timeout(PATIENCE).build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      boolean ready = answer.statusCode() == 200;
      return new Readiness(ready, sayings(answer.body(), ready));
    } catch (IOException e) {
      return new Readiness(false, "does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Readiness(false, "not asked");
    }
  }

  /// Of those that are not ready; of all when all are.
  private static String sayings(String page, boolean ready) {
    return COMPONENT
        .matcher(page)
        .results()
        .filter(component -> Boolean.parseBoolean(component.group(2)) == ready)
        .filter(component -> !component.group(3).isEmpty())
        .map(Readyz::saying)
        .collect(Collectors.joining("; "));
  }

  private static String saying(MatchResult component) {
    return "%s: %s".formatted(component.group(1), component.group(3));
  }

  @Override
  public void close() {
    client.close();
  }
}
