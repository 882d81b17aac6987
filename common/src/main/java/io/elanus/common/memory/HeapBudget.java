package io.elanus.common.memory;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Heap that requests may have together while they are worked on (docs/decisions/0131). A request asks as it
/// grows. One that finds no room gives back what it has, waits in line, and begins again with what it needs;
/// nobody overtakes. One that needs more than there is for all is refused at once, so that none can end the
/// process.
///
/// ```
/// budget 256 MiB   [ 90 MiB | 120 MiB |        ]   in line: 60 MiB, then 2 MiB
/// ```
public final class HeapBudget {
  /// Far more than can be answered in time.
  private static final int MAX_IN_LINE = 1_024;

  private final Gate gate;
  private final String name;
  private final long limitBytes;
  private final long grainBytes;

  // guarded by gate
  private final Deque<Share> line = new ArrayDeque<>();
  private long takenBytes;
  private long refused;

  /// @param name of those it is for, such as "reads"
  /// @param grainBytes what every request has without being counted, and by how much shares grow at least: small
  ///     against `limitBytes`, also times the requests at work
  public HeapBudget(Run run, String name, long limitBytes, long grainBytes) {
    if (limitBytes < 1 || grainBytes < 1) {
      throw new IllegalArgumentException(
          "a budget of %d bytes in grains of %d".formatted(limitBytes, grainBytes));
    }
    this.gate = run.gate();
    this.name = name;
    this.limitBytes = limitBytes;
    this.grainBytes = grainBytes;
  }

  /// Does `work` with a share of its own. The share is of the thread that has it, and ends with the work.
  ///
  /// @param what asks, for errors
  /// @param work is done again from the beginning when there was no room at once
  /// @throws io.elanus.common.error.DbException `MEMORY_LIMIT_EXCEEDED` when it needs more than there is for all,
  ///     `TOO_MANY_REQUESTS` when too many wait already, `TIMEOUT` when there was no room before `deadline`,
  ///     `CANCELED`
  public <T> T with(String what, Deadline deadline, Function<HeapShare, T> work) {
    Kept<T> kept = keep(what, deadline, work);
    kept.close();
    return kept.value();
  }

  /// As [#with], but the share stays when the work is done, until it is closed: by any thread.
  public <T> Kept<T> keep(String what, Deadline deadline, Function<HeapShare, T> work) {
    long needed = 0;
    while (true) {
      Share share = new Share(what, needed);
      boolean done = false;
      try {
        await(share, deadline);
        T value = work.apply(share);
        done = true;
        return new Kept<>(value, () -> leave(share));
      } catch (NoRoom e) {
        needed = e.bytes;
      } finally {
        if (!done) {
          leave(share);
        }
      }
    }
  }

  /// What came of some work, and what it has of the heap still.
  public static final class Kept<T> implements AutoCloseable {
    private final T value;
    private final AtomicReference<@Nullable Runnable> leave;

    private Kept(T value, Runnable leave) {
      this.value = value;
      this.leave = new AtomicReference<>(leave);
    }

    public T value() {
      return value;
    }

    /// Gives the share back; a second time without effect.
    @Override
    public void close() {
      Runnable once = leave.getAndSet(null);
      if (once != null) {
        once.run();
      }
    }
  }

  private void await(Share share, Deadline deadline) {
    if (share.wantedBytes == 0) {
      return;
    }
    gate.change(() -> join(share));
    if (!gate.await(() -> isNext(share), deadline)) {
      gate.change(() -> refused++);
      throw ErrorCode.TIMEOUT.because(
          "timeout waiting for %d bytes of heap for %s: %s have %d bytes together",
          share.wantedBytes, share.what, name, limitBytes);
    }
    gate.change(() -> {}); // whoever is behind looks
  }

  /// Under the gate.
  private void join(Share share) {
    if (line.size() == MAX_IN_LINE) {
      refused++;
      throw ErrorCode.TOO_MANY_REQUESTS.because(
          "%d requests wait for heap already, %s have %d bytes together",
          MAX_IN_LINE, name, limitBytes);
    }
    line.add(share);
  }

  /// Under the gate; takes what it waited for.
  private boolean isNext(Share share) {
    boolean next = line.peek() == share && share.wantedBytes <= limitBytes - takenBytes;
    if (next) {
      line.remove();
      share.heldBytes = share.wantedBytes;
      takenBytes += share.heldBytes;
    }
    return next;
  }

  private void leave(Share share) {
    if (share.wantedBytes > 0) {
      gate.change(() -> {
        line.remove(share);
        takenBytes -= share.heldBytes;
      });
    }
  }

  /// Under the gate.
  private boolean grow(Share share, long bytes) {
    if (bytes > limitBytes) {
      refused++;
      throw ErrorCode.MEMORY_LIMIT_EXCEEDED.because(
          "%s needs %d bytes of heap, %s have %d bytes together: ask for less at once",
          share.what, bytes, name, limitBytes);
    }
    boolean room = line.isEmpty() && bytes - share.heldBytes <= limitBytes - takenBytes;
    if (room) {
      takenBytes += bytes - share.heldBytes;
      share.heldBytes = bytes;
    }
    return room;
  }

  /// Told apart by identity.
  private final class Share implements HeapShare {
    private final String what;

    /// Held, or waited for; beyond what is free.
    private long wantedBytes;

    private long heldBytes; // guarded by gate
    private long usedBytes;

    Share(String what, long wantedBytes) {
      this.what = what;
      this.wantedBytes = wantedBytes;
    }

    @Override
    public void take(long bytes) {
      usedBytes = Math.addExact(usedBytes, bytes);
      long counted = usedBytes - grainBytes;
      if (counted <= wantedBytes) {
        return;
      }
      wantedBytes = Math.min(roundedUp(counted), Math.max(limitBytes, counted));
      if (!gate.change(() -> grow(this, wantedBytes))) {
        throw new NoRoom(wantedBytes);
      }
    }

    private long roundedUp(long bytes) {
      return Math.ceilDiv(bytes, grainBytes) * grainBytes;
    }
  }

  /// The work has to wait, which it cannot do where it is.
  private static final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long bytes;

    NoRoom(long bytes) {
      super("no room for %d bytes".formatted(bytes), null, false, false);
      this.bytes = bytes;
    }
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long takenBytes() {
    return gate.read(() -> takenBytes);
  }

  /// Requests that got no room, since the start.
  public long refused() {
    return gate.read(() -> refused);
  }
}
