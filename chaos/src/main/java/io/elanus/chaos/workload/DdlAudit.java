package io.elanus.chaos.workload;

import io.elanus.chaos.history.Anomaly;
import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Span;
import io.elanus.chaos.workload.Ddl.Name;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Describes every name that [Ddl] sessions used, while none of them works, and demands that the list of
/// collections says the same.
public final class DdlAudit implements AutoCloseable {
  private static final int LOOKS = 5;

  private final Client client;
  private final List<Name> names;
  private final Patience patience;

  /// @param sessions those that did DDL
  public DdlAudit(Scene scene, int session, List<Integer> sessions, Patience patience) {
    this.client = new Client(scene, session, Client.Retries.NONE);
    this.names = sessions.stream().flatMap(s -> Name.of(s).stream()).toList();
    this.patience = patience;
  }

  /// @throws Patience.Exhausted when the servers do not answer in time
  public void run() {
    for (int look = 1; look <= LOOKS; look++) {
      long start = System.nanoTime();
      Set<String> described = described();
      List<String> listed = listed();
      if (Set.copyOf(listed).equals(described) && listed.size() == described.size()) {
        return;
      }
      if (look == LOOKS) {
        String text = "described %s, listed %s".formatted(described, listed);
        client.find(Anomaly.WRONG_CATALOG, -1, text, Span.since(start));
      }
    }
  }

  private Set<String> described() {
    Set<String> there = new TreeSet<>();
    for (Name name : names) {
      if (patience.insist(() -> Ddl.describe(client, name, "audit-describe")) != Event.ABSENT) {
        there.add(name.text());
      }
    }
    return there;
  }

  private List<String> listed() {
    return patience
        .insist(() -> client.call("audit-list", sdk -> sdk.listCollections().getCollectionNames()))
        .value()
        .stream()
        .filter(listed -> names.stream().anyMatch(name -> name.text().equals(listed)))
        .toList();
  }

  @Override
  public void close() {
    client.close();
  }
}
