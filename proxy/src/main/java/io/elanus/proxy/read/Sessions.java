package io.elanus.proxy.read;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.CreateMarkRequest;
import io.elanus.proto.internal.TouchMarkRequest;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Iterators: all pages of one are read as of one mark.
///
/// ```
///  first page   read it ──> not full: that was all       session 3, nothing is pinned
///                       └─> full: pin a mark, read the page again as of it      session = the mark
///  later pages  read as of the mark; after one without rows it need not be kept for long
/// ```
/// That the first page is read again costs a page; to pin first would cost a commit and a record in each log for
/// every iterator that has one page only (docs/decisions/0113).
public final class Sessions {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  /// A fraction of how long rootcoord keeps a mark that nobody uses.
  private static final Duration TOUCH_EVERY = Duration.ofMinutes(1);

  /// A page does not wait longer for rootcoord: that is away, then nothing expires either.
  private static final Duration TOUCH_PATIENCE = Duration.ofMillis(500);

  /// Iterators whose last touch is remembered; others are touched with each page.
  private static final int MAX_REMEMBERED = 10_000;

  private final Run run;
  private final Peers patient;
  private final Peers peers;
  private final Gate gate;

  private record Session(CollectionId collection, long mark) {}

  // guarded by gate
  private final Map<Session, Long> touchedNanoTime =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Session, Long> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /// @param patient waits for rootcoord while nobody leads
  /// @param peers does not
  public Sessions(Run run, Peers patient, Peers peers) {
    this.run = run;
    this.patient = patient;
    this.peers = peers;
    this.gate = run.gate();
  }

  /// @param session 0 when it was no iterator's page
  record Paged<A>(A answer, long session) {}

  /// How much of a page there is.
  enum Fill {
    /// There may be more rows after it.
    FULL,
    /// The client does not know that it is the last one: it is going to ask for another, however long it takes.
    SOME,
    NONE;

    static Fill of(long rows, long limit) {
      return rows >= limit ? FULL : rows == 0 ? NONE : SOME;
    }
  }

  /// @param ask reads the shards at that moment
  /// @throws DbException what `ask` throws; of a later page `INVALID_PARAMETER` when its mark has expired; of a first
  ///     one `QUOTA_EXCEEDED`
  <A> Paged<A> read(
      Collection collection, Page page, Function<Moment, A> ask, Function<A, Fill> fill) {
    return switch (page) {
      case Page.None _ -> new Paged<>(ask.apply(new Moment.Present()), 0);
      case Page.End _ -> new Paged<>(ask.apply(new Moment.Nothing()), Page.ENDED);
      case Page.Later(long mark) -> {
        Session session = new Session(collection.id(), mark);
        touch(session);
        A later = ask.apply(new Moment.AsOf(mark));
        if (fill.apply(later) == Fill.NONE) {
          end(session);
        }
        yield new Paged<>(later, mark);
      }
      case Page.First _ -> {
        A first = ask.apply(new Moment.Present());
        if (fill.apply(first) != Fill.FULL) {
          yield new Paged<>(first, Page.ENDED);
        }
        long mark = create(collection);
        yield new Paged<>(ask.apply(new Moment.AsOf(mark)), mark);
      }
    };
  }

  private long create(Collection collection) {
    CreateMarkRequest request =
        CreateMarkRequest.newBuilder().setCollectionId(collection.id().value()).build();
    long mark = patient.rootCoord().createMark(request).getMark();
    touched(new Session(collection.id(), mark));
    return mark;
  }

  private void touched(Session session) {
    gate.change(() -> {
      touchedNanoTime.remove(session);
      touchedNanoTime.put(session, run.nanoTime());
    });
  }

  private void touch(Session session) {
    long now = run.nanoTime();
    long last = gate.read(() -> touchedNanoTime.getOrDefault(session, now - Long.MAX_VALUE / 2));
    if (now - last < TOUCH_EVERY.toNanos()) {
      return;
    }
    touched(session);
    tell(session, false);
  }

  /// The client knows that it has had all rows.
  private void end(Session session) {
    gate.change(() -> Optional.ofNullable(touchedNanoTime.remove(session)));
    tell(session, true);
  }

  /// That it fails does not matter: what has expired shows in the read.
  private void tell(Session session, boolean last) {
    TouchMarkRequest request =
        TouchMarkRequest.newBuilder()
            .setCollectionId(session.collection().value())
            .setMark(session.mark())
            .setLast(last)
            .build();
    try {
      RequestContext.until(
          run,
          Deadline.after(run, TOUCH_PATIENCE),
          () -> peers.rootCoord().touchMark(request).getPinned());
    } catch (DbException e) {
      if (e.code() == ErrorCode.CANCELED) {
        throw e;
      }
      log.debug("iterator not touched mark={}", session.mark(), e);
    }
  }
}
