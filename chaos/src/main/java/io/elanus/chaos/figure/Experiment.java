package io.elanus.chaos.figure;

import io.elanus.chaos.check.Verdict;
import io.elanus.chaos.fault.Nemesis;
import io.elanus.chaos.history.Anomaly;
import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.History;
import io.elanus.chaos.history.Span;
import io.elanus.chaos.workload.Audit;
import io.elanus.chaos.workload.Catalog;
import io.elanus.chaos.workload.Client;
import io.elanus.chaos.workload.Ddl;
import io.elanus.chaos.workload.DdlAudit;
import io.elanus.chaos.workload.Load;
import io.elanus.chaos.workload.Patience;
import io.elanus.chaos.workload.Rows;
import io.elanus.chaos.workload.Scene;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// One collection, the sessions that work on it, and everything that happened to it.
final class Experiment implements AutoCloseable {
  /// As Milvus: `common.gracefulTime`.
  private static final Duration BOUND = Duration.ofSeconds(5);

  private final History history;
  private final Scene scene;
  private final List<Hand> crew = new ArrayList<>();
  private final List<Integer> ddlSessions = new ArrayList<>();
  private int audits;

  private record Hand(Load.Work work, Client.Retries retries) {}

  /// Creates and loads the collection.
  ///
  /// @param uris of the proxies
  /// @param file for the history
  Experiment(Supplier<List<String>> uris, String collection, Catalog.Shape shape, Path file) {
    this.history = History.to(file);
    this.scene = Scene.of(uris, collection, Rows.SMALL, history);
    Catalog.create(scene, shape);
  }

  /// Adds a session to those that work under load, which sends each request once.
  Experiment with(Load.Work work) {
    return with(work, Client.Retries.NONE);
  }

  Experiment with(Load.Work work, Client.Retries retries) {
    crew.add(new Hand(work, retries));
    if (work instanceof Ddl) {
      ddlSessions.add(crew.size());
    }
    return this;
  }

  Scene scene() {
    return scene;
  }

  Nemesis nemesis() {
    return new Nemesis(history);
  }

  /// Sets the crew to work. A session goes on with the keys that it has.
  Load load() {
    Load load = new Load();
    for (int i = 0; i < crew.size(); i++) {
      load.with(new Client(scene, i + 1, crew.get(i).retries), crew.get(i).work);
    }
    return load;
  }

  /// Waits until `count` more requests have succeeded, so that there is a load on a slow machine too.
  ///
  /// @param limit then it goes on without them
  void awaitSuccesses(long count, Duration limit) {
    long start = System.nanoTime();
    long target = history.successes() + count;
    while (history.successes() < target && System.nanoTime() - start < limit.toNanos()) {
      Pause.of(Duration.ofMillis(5));
    }
  }

  /// Reads everything and judges all that happened so far. Nobody may write meanwhile.
  ///
  /// @param limit how long the servers may refuse to answer; then that is the verdict
  Verdict judge(Duration limit) {
    Patience patience = new Patience(limit);
    try (Audit audit = new Audit(scene, nextSession(), patience);
        DdlAudit ddl = new DdlAudit(scene, nextSession(), ddlSessions, patience)) {
      audit.run();
      ddl.run();
    } catch (Patience.Exhausted e) {
      history.add(
          new Event.Finding(
              Anomaly.TOO_SLOW, -1, String.valueOf(e.getMessage()), Span.since(System.nanoTime())));
    }
    return Verdict.of(history.events(), BOUND);
  }

  private int nextSession() {
    return crew.size() + ++audits;
  }

  History history() {
    return history;
  }

  @Override
  public void close() {
    history.close();
  }
}
