package io.elanus.rpc.management;

import static java.util.stream.Collectors.joining;

import io.elanus.rpc.http.HttpRequest;
import io.elanus.rpc.http.HttpResponse;
import io.elanus.rpc.http.JsonText;
import io.elanus.rpc.management.Health.Component;
import java.util.List;

/// What the health paths answer.
final class HealthPages {
  private final Health health;

  HealthPages(Health health) {
    this.health = health;
  }

  /// As Milvus: plain text, or JSON for a request whose content type is JSON.
  HttpResponse healthz(HttpRequest request) {
    List<Component> all = health.components();
    long good = all.stream().filter(component -> component.state().isGood()).count();
    boolean healthy = good == all.size();
    String state =
        healthy ? "OK" : "Not all components are healthy, %d/%d".formatted(good, all.size());
    int status = healthy ? 200 : 500;
    return isJson(request)
        ? HttpResponse.json(status, healthzJson(state, all))
        : HttpResponse.text(status, state);
  }

  private static boolean isJson(HttpRequest request) {
    return request.header("content-type").orElse("").startsWith("application/json");
  }

  private static String healthzJson(String state, List<Component> all) {
    String detail =
        all.stream()
            .map(c ->
                "{\"name\":%s,\"code\":%d}".formatted(JsonText.quote(c.name()), c.state().code()))
            .collect(joining(","));
    return "{\"state\":%s,\"detail\":[%s]}".formatted(JsonText.quote(state), detail);
  }

  /// The process runs and answers: restarting it would mend nothing.
  HttpResponse livez() {
    return HttpResponse.text(200, "OK");
  }

  /// Whether requests should come here, and what each component says.
  HttpResponse readyz() {
    List<Component> all = health.components();
    boolean ready = all.stream().allMatch(component -> component.state().isGood());
    String components = all.stream().map(HealthPages::readiness).collect(joining(","));
    return HttpResponse.json(
        ready ? 200 : 503, "{\"ready\":%b,\"components\":[%s]}".formatted(ready, components));
  }

  private static String readiness(Component component) {
    return "{\"name\":%s,\"ready\":%b,\"state\":\"%s\",\"reason\":%s}"
        .formatted(
            JsonText.quote(component.name()),
            component.state().isGood(),
            component.state(),
            JsonText.quote(component.reason()));
  }
}
