package io.elanus.rootcoord;

import io.elanus.common.catalog.CatalogEntry;
import io.elanus.common.catalog.CatalogExport;
import io.elanus.common.catalog.CatalogExports;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Coalescer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Outcome;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.common.security.SecurityState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Brings the catalog, and who may do what, to the bucket after every change, before anybody can rely on the change
/// (docs/decisions/0034):
///
/// ```
///  command ── commit ── apply ──> export ──> answer
///                        └─ a question whose answer the change alters waits, too
/// ```
///
/// So what was answered can be rebuilt from the bucket when the metastore is lost: nobody inserts into a
/// collection that only the metastore knows. While the bucket is out of reach, changes have an unknown outcome,
/// and questions that nothing unexported touches are answered as ever.
///
/// Callers share exports: one is on its way, who comes meanwhile waits for the next.
final class CatalogExporter implements AutoCloseable {
  /// How soon a change is exported whose caller gave up, or whose coordinator died.
  private static final Duration LOOK = Duration.ofSeconds(5);

  /// Ids given out since the last export that make another one due: far fewer than a rebuild leaves out.
  static final long IDS_PER_EXPORT = 1L << 36;

  /// What was brought to the bucket last.
  private record Exported(Contents contents, long nextId) {}

  /// What an export is made of. Of the same objects, the same export.
  private record Contents(CatalogState catalog, SecurityState security) {
    boolean same(Contents other) {
      return catalog == other.catalog && security == other.security;
    }
  }

  /// @param incarnation of the cluster
  /// @param timestamp takes one; throws when this node does not lead any more
  /// @param nextId the first id not given out
  record Source(
      long incarnation,
      LongSupplier timestamp,
      LongSupplier nextId,
      Supplier<CatalogState> catalog,
      Function<CatalogState, List<CatalogEntry>> entries,
      Supplier<SecurityState> security,
      Function<SecurityState, List<CatalogEntry>> securityEntries) {
    private Contents contents() {
      return new Contents(catalog.get(), security.get());
    }

    /// By key: those of the catalog come before those of security.
    private List<CatalogEntry> entries(Contents contents) {
      return Stream.concat(
              entries.apply(contents.catalog).stream(),
              securityEntries.apply(contents.security).stream())
          .toList();
    }
  }

  private final Source source;
  private final CatalogExports exports;
  private final Coalescer<Contents, Boolean> flights;
  private final Run run;
  private final Ticker ticker;
  private volatile Optional<Exported> exported = Optional.empty();

  /// Whether something was exported since old exports were looked for.
  private volatile boolean unswept;

  CatalogExporter(Run run, ObjectStore objects, Source source) {
    this.run = run;
    this.source = source;
    this.exports = new CatalogExports(objects);
    this.flights = Coalescer.shared(run, "catalog export", _ -> export());
    this.ticker = Ticker.start(run, "catalog export", LOOK, this::look);
  }

  /// Returns when a catalog at least as new as the newest now is in the bucket.
  ///
  /// @throws DbException `OUTCOME_UNKNOWN`: what was committed is committed, and may be lost with the metastore
  ///     until it is exported
  void awaitExported(Deadline deadline) {
    Contents newest = source.contents();
    if (isExported(newest)) {
      return;
    }
    try {
      flights.join(newest, deadline);
    } catch (DbException e) {
      throw new DbException(
          ErrorCode.OUTCOME_UNKNOWN,
          "the catalog was changed, but not exported to the bucket: " + e.text(),
          e);
    }
  }

  /// Answers from the newest catalog. Waits for its export only if the one exported answers otherwise.
  <T> T answer(Function<CatalogState, T> question, Deadline deadline) {
    Contents newest = source.contents();
    Outcome<T> answer = ask(question, newest.catalog);
    if (!isExported(newest) && !answersAlike(question, answer)) {
      flights.join(newest, deadline);
    }
    return answer.orThrow();
  }

  private <T> boolean answersAlike(Function<CatalogState, T> question, Outcome<T> answer) {
    return exported
        .map(former -> ask(question, former.contents.catalog))
        .filter(former -> alike(former, answer))
        .isPresent();
  }

  private static <T> Outcome<T> ask(Function<CatalogState, T> question, CatalogState state) {
    try {
      return Outcome.done(question.apply(state));
    } catch (DbException e) {
      return Outcome.failed(e);
    }
  }

  private static <T> boolean alike(Outcome<T> a, Outcome<T> b) {
    return switch (a) {
      case Outcome.Done<T> done -> done.equals(b);
      case Outcome.Failed<T>(DbException error) ->
          b instanceof Outcome.Failed<T>(DbException other) && error.code() == other.code();
    };
  }

  private boolean isExported(Contents contents) {
    return exported.filter(last -> last.contents.same(contents)).isPresent();
  }

  private void look() {
    Contents newest = source.contents();
    if (!isExported(newest) || isFarBehind(source.nextId.getAsLong())) {
      flights.join(newest, Deadline.after(run, LOOK.multipliedBy(12)));
    }
    if (unswept) {
      unswept = false;
      exports.sweep();
    }
  }

  private boolean isFarBehind(long nextId) {
    return exported.filter(last -> nextId - last.nextId > IDS_PER_EXPORT).isPresent();
  }

  /// One at a time. The timestamp first: of a successor's exports each has a larger one and knows more.
  private boolean export() {
    long timestamp = source.timestamp.getAsLong();
    long nextId = source.nextId.getAsLong();
    Contents contents = source.contents();
    exports.add(new CatalogExport(source.incarnation, timestamp, nextId, source.entries(contents)));
    exported = Optional.of(new Exported(contents, nextId));
    unswept = true;
    return true;
  }

  @Override
  public void close() {
    ticker.close();
  }
}
