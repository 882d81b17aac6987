package io.elanus.bench.pressure;

import io.elanus.bench.MilvusCalls.Failed;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What became of the requests of one kind.
final class Tally {
  private final String kind;

  // guarded by this
  private final List<Long> nanos = new ArrayList<>();
  private final Map<String, Integer> failures = new TreeMap<>();
  private int late;

  Tally(String kind) {
    this.kind = kind;
  }

  void run(Runnable request) {
    long start = System.nanoTime();
    try {
      request.run();
      succeeded(System.nanoTime() - start);
    } catch (Failed e) {
      failed(
          "code %d: %s".formatted(e.code(), withoutNumbers(String.valueOf(e.getMessage()))), false);
    } catch (StatusRuntimeException e) {
      failed(
          "gRPC " + e.getStatus().getCode(),
          e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED);
    }
  }

  private static String withoutNumbers(String text) {
    return text.replaceAll("\\d+", "#");
  }

  private synchronized void succeeded(long took) {
    nanos.add(took);
  }

  private synchronized void failed(String how, boolean pastDeadline) {
    failures.merge(how, 1, Integer::sum);
    late += pastDeadline ? 1 : 0;
  }

  synchronized int late() {
    return late;
  }

  synchronized void print() {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    System.out.printf(
        "  %-22s %,8d answered, ms: %,8.1f median %,8.1f P99 %,8.1f worst%n",
        kind, sorted.size(), at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    failures.forEach((how, count) -> System.out.printf("  %-22s %,8d x %s%n", "", count, how));
  }

  private static double at(List<Long> sorted, double share) {
    return sorted.isEmpty() ? 0 : sorted.get((int) ((sorted.size() - 1) * share)) / 1e6;
  }
}
