package io.elanus.standalone.status;

import io.elanus.standalone.status.Overview.BackgroundWork;
import io.elanus.standalone.status.Overview.CollectionState;
import io.elanus.standalone.status.Overview.IndexState;
import io.elanus.standalone.status.Overview.Jobs;
import io.elanus.standalone.status.Overview.Node;
import java.util.List;
import java.util.Locale;

/// An overview for people:
///
/// ```
/// Elanus v3.0.0-elanus-0.1.0 at localhost:19530: healthy
///
/// NODE              ID  ADDRESS          HOLDS        OF
/// querynode          4  10.0.0.7:4001  512 MiB   2.0 GiB
///
/// COLLECTION        ROWS  SEGMENTS  IN SEGMENTS  NOT INDEXED  LOADED
/// default.films    1,000         2          900            0   100 %
///
/// INDEX OVER            TYPE       METRIC  IS A
/// default.films.vector  AUTOINDEX  COSINE  graph, M 18, codes of seven bits a value
///
/// BACKGROUND     WAITING  RUNNING  DONE  FAILED
/// index build          0        1     7       0
/// ```
final class StatusText {
  private static final long KIB = 1024;

  private StatusText() {}

  static String of(String address, Overview overview) {
    StringBuilder text = new StringBuilder();
    text.append(
        "Elanus %s at %s: %s%n"
            .formatted(
                overview.version(), address, overview.isHealthy() ? "healthy" : "NOT HEALTHY"));
    overview.problems().forEach(problem -> text.append("  %s%n".formatted(problem)));
    text.append(nodes(overview.nodes()));
    text.append(collections(overview.collections()));
    if (overview.hiddenCollections() > 0) {
      text.append(
          "and %,d more: --collections shows more%n".formatted(overview.hiddenCollections()));
    }
    if (!overview.indexes().isEmpty()) {
      text.append(indexes(overview.indexes()));
    }
    return text.append(work(overview.work())).toString();
  }

  private static String nodes(List<Node> nodes) {
    return new TextTable("NODE", "ID", "ADDRESS", "ZONE", "HOLDS", "OF", "")
        .left(0, 2, 3, 6)
        .rows(
            nodes,
            node ->
                List.of(
                    node.role(),
                    Long.toString(node.id()),
                    place(node),
                    node.zone(),
                    node.role().equals("querynode") ? bytes(node.heldBytes()) : "",
                    node.memoryBytes() == 0 ? "" : bytes(node.memoryBytes()),
                    node.draining() ? "leaving" : ""));
  }

  /// Of a process that has all roles nobody needs an address.
  private static String place(Node node) {
    return node.address().isEmpty() || node.address().startsWith("inprocess:")
        ? "here"
        : node.address();
  }

  private static String collections(List<CollectionState> collections) {
    return new TextTable("COLLECTION", "ROWS", "SEGMENTS", "IN SEGMENTS", "NOT INDEXED", "LOADED")
        .left(0)
        .rows(
            collections,
            c ->
                List.of(
                    c.database() + "." + c.name(),
                    number(c.rows()),
                    number(c.segments()),
                    number(c.segmentRows()),
                    number(c.unindexedRows()),
                    c.loaded().map(percent -> percent + " %").orElse("no")));
  }

  private static String indexes(List<IndexState> indexes) {
    return new TextTable("INDEX OVER", "TYPE", "METRIC", "IS A")
        .left(0, 1, 2, 3)
        .rows(
            indexes, index -> List.of(index.field(), index.type(), index.metric(), index.built()));
  }

  private static String work(BackgroundWork work) {
    if (!work.error().isEmpty()) {
      return "%nBACKGROUND%n%s%n".formatted(work.error());
    }
    return new TextTable("BACKGROUND", "WAITING", "RUNNING", "DONE", "FAILED")
            .left(0)
            .rows(work.jobs(), StatusText::row)
        + "objects swept: %,d%n".formatted(work.sweptObjects());
  }

  private static List<String> row(Jobs jobs) {
    return List.of(
        jobs.kind(),
        number(jobs.waiting()),
        number(jobs.running()),
        number(jobs.done()),
        number(jobs.failed()));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// With three digits at most, in the largest unit that has one before the point.
  static String bytes(long bytes) {
    if (bytes < KIB) {
      return bytes + " B";
    }
    int unit = Math.min((63 - Long.numberOfLeadingZeros(bytes)) / 10, 4);
    double value = bytes / Math.pow(KIB, unit);
    return String.format(
        Locale.ROOT, value < 10 ? "%.1f %siB" : "%.0f %siB", value, "KMGT".charAt(unit - 1));
  }
}
