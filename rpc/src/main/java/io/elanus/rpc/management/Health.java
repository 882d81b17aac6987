package io.elanus.rpc.management;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// How the components of a process are. Each registers under its name when it is made; what is
/// asked for is asked anew each time. Safe for concurrent use.
public final class Health {
  /// As `StateCode` of the Milvus API.
  public enum State {
    INITIALIZING(0),
    HEALTHY(1),
    ABNORMAL(2),
    /// Ready to take over: as good as healthy.
    STANDBY(3),
    STOPPING(4);

    private final int code;

    State(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    boolean isGood() {
      return this == HEALTHY || this == STANDBY;
    }
  }

  /// @param reason why the state is what it is; empty when there is nothing to say
  public record Component(String name, State state, String reason) {}

  /// What a component says of itself.
  public record Report(State state, String reason) {
    public static final Report HEALTHY = new Report(State.HEALTHY, "");
    public static final Report STANDBY = new Report(State.STANDBY, "");
  }

  private final Map<String, Supplier<Report>> checks = new ConcurrentSkipListMap<>();

  public void add(String name, Supplier<Report> check) {
    checks.put(name, check);
  }

  /// For a component that cannot say more than whether it is well.
  public void addFlag(String name, BooleanSupplier healthy) {
    add(
        name,
        () -> healthy.getAsBoolean() ? Report.HEALTHY : new Report(State.ABNORMAL, "not healthy"));
  }

  public void remove(String name) {
    checks.remove(name);
  }

  /// Whether requests should come here.
  public boolean isGood() {
    return components().stream().allMatch(component -> component.state().isGood());
  }

  /// What keeps requests away, one line per component; empty when nothing does.
  public List<String> complaints() {
    return components().stream()
        .filter(component -> !component.state().isGood())
        .map(c -> "%s: %s %s".formatted(c.name(), c.state(), c.reason()))
        .toList();
  }

  /// In the order of their names. A check that throws counts as abnormal.
  List<Component> components() {
    return checks.entrySet().stream().map(check -> ask(check.getKey(), check.getValue())).toList();
  }

  private static Component ask(String name, Supplier<Report> check) {
    try {
      Report report = check.get();
      return new Component(name, report.state(), report.reason());
    } catch (RuntimeException e) {
      return new Component(name, State.ABNORMAL, "check failed: " + e.getMessage());
    }
  }
}
