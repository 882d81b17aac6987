package io.elanus.common.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Which rows of a shard have outlived their collection's TTL, at each version that can be read.
///
/// ```
///  steps          (50: through 40)  (120: through 90)  (150: through 130)
///  read at 110    rows up to 40 are gone     at 120    up to 90     at 200    up to 130
/// ```
///
/// @param steps by ascending version, and ascending reach: what reaches no further is no step
public record Expiry(List<Step> steps) {
  public static final Expiry NONE = new Expiry(List.of());

  public Expiry {
    steps = List.copyOf(steps);
  }

  /// From `version` on, rows up to `through` are gone.
  public record Step(long version, long through) {
    public Step {
      if (through >= version) {
        throw new IllegalArgumentException(
            "an expiry at %d cannot remove version %d".formatted(version, through));
      }
    }
  }

  /// Rows up to this version are gone for a read at `version`; 0 when none are.
  public long through(long version) {
    long through = 0;
    for (Step step : steps) {
      if (step.version() > version) {
        break;
      }
      through = step.through();
    }
    return through;
  }

  /// How far the newest step reaches; 0 without one.
  public long newest() {
    return steps.isEmpty() ? 0 : steps.getLast().through();
  }

  public Expiry with(Step step) {
    return new Expiry(Stream.concat(steps.stream(), Stream.of(step)).toList());
  }

  /// As far as reads at `horizon` and above need it.
  public Expiry from(long horizon) {
    List<Step> left = new ArrayList<>(steps);
    while (left.size() > 1 && left.get(1).version() <= horizon) {
      left.removeFirst();
    }
    return new Expiry(left);
  }

  /// These steps, and those of `later` that lie above `version`, up to which this is complete.
  public Expiry followedBy(Expiry later, long version) {
    return new Expiry(
        Stream.concat(steps.stream(), later.steps.stream().filter(step -> step.version() > version))
            .toList());
  }
}
