package io.elanus.chaos.check;

import static io.elanus.chaos.history.Event.ABSENT;

import io.elanus.chaos.history.Anomaly;
import io.elanus.chaos.history.Event.Read;
import io.elanus.chaos.history.Level;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether the operations on one key could have happened one after the other, each at an instant between
/// its start and its end: the search of Wing and Gong (1993) with the memory of Lowe (2017).
///
/// The key is a register: a write leaves a version, a delete leaves nothing, a strong read sees what is left.
/// A write of unknown outcome happens at some instant after its start, or never. Three cuts keep unknowns
/// cheap, and none loses an order that explains the reads:
///
/// - an unknown write that no read saw never happened: where nobody looks, leaving it out changes nothing;
/// - one that was seen happened by the end of the first read that saw it ([Effect#settled]);
/// - unknown deletes are alike, so they are tried in the order of their starts, and only on a key that is there.
final class Linearizability {
  /// @param end `Long.MAX_VALUE` for a write of unknown outcome
  private record Step(boolean isRead, long version, long start, long end) {
    boolean isOptional() {
      return end == Long.MAX_VALUE;
    }

    boolean canFollow(long state) {
      return !isRead || version == state;
    }

    @Override
    public String toString() {
      String what = isRead ? "sees" : "writes";
      String until = isOptional() ? "?" : Long.toString(end);
      return "[%d, %s] %s %s"
          .formatted(start, until, what, version == ABSENT ? "nothing" : version);
    }
  }

  /// @param done which steps have happened
  private record Reached(BitSet done, long state) {}

  private static final int LINES_IN_REPORT = 80;

  private final List<Step> steps;
  private final BitSet required = new BitSet();
  private final Set<Reached> visited = new HashSet<>();
  private BitSet furthest = new BitSet();

  private Linearizability(List<Step> steps) {
    this.steps = steps;
    for (int i = 0; i < steps.size(); i++) {
      required.set(i, !steps.get(i).isOptional());
    }
  }

  /// Empty when there is such an order.
  static Optional<Violation> check(KeyHistory history) {
    Linearizability search = new Linearizability(steps(history));
    if (search.reachesEnd(new BitSet(), ABSENT)) {
      return Optional.empty();
    }
    return Optional.of(new Violation(Anomaly.NOT_LINEARIZABLE, history.key(), search.report()));
  }

  private static List<Step> steps(KeyHistory history) {
    List<Step> steps = new ArrayList<>();
    for (Effect effect : history.effects()) {
      if (effect.isSettled() || effect.version() == ABSENT) {
        steps.add(new Step(false, effect.version(), effect.start(), effect.settled()));
      }
    }
    for (Read read : history.reads()) {
      if (read.level() == Level.STRONG) {
        steps.add(new Step(true, read.version(), read.span().start(), read.span().end()));
      }
    }
    steps.sort(Comparator.comparingLong(Step::start));
    return steps;
  }

  private boolean reachesEnd(BitSet done, long state) {
    if (isComplete(done)) {
      return true;
    }
    if (!visited.add(new Reached(done, state))) {
      return false;
    }
    if (done.cardinality() > furthest.cardinality()) {
      furthest = done;
    }
    for (int next : candidates(done, state)) {
      BitSet after = (BitSet) done.clone();
      after.set(next);
      Step step = steps.get(next);
      if (reachesEnd(after, step.isRead() ? state : step.version())) {
        return true;
      }
    }
    return false;
  }

  private boolean isComplete(BitSet done) {
    BitSet missing = (BitSet) required.clone();
    missing.andNot(done);
    return missing.isEmpty();
  }

  /// The open steps that may come next: they begin before any open one has ended.
  private List<Integer> candidates(BitSet done, long state) {
    List<Integer> candidates = new ArrayList<>();
    long firstEnd = Long.MAX_VALUE;
    boolean optionalOffered = false;
    for (int i = done.nextClearBit(0); i < steps.size(); i = done.nextClearBit(i + 1)) {
      Step step = steps.get(i);
      if (step.start() > firstEnd) {
        break;
      }
      firstEnd = Math.min(firstEnd, step.end());
      if (step.isOptional()) {
        if (!optionalOffered && state != ABSENT) {
          candidates.add(i);
        }
        optionalOffered = true;
      } else if (step.canFollow(state)) {
        candidates.add(i);
      }
    }
    long limit = firstEnd;
    candidates.removeIf(i -> steps.get(i).start() > limit);
    // what has to come soon first: a valid history is then found almost without a step back
    candidates.sort(Comparator.comparingLong(i -> steps.get(i).end()));
    return candidates;
  }

  private String report() {
    StringBuilder text = new StringBuilder("no order explains it; * could not be placed:");
    int first = Math.max(0, furthest.nextClearBit(0) - LINES_IN_REPORT / 2);
    for (int i = first; i < Math.min(steps.size(), first + LINES_IN_REPORT); i++) {
      text.append("\n  ").append(furthest.get(i) ? ' ' : '*').append(' ').append(steps.get(i));
    }
    return text.toString();
  }
}
