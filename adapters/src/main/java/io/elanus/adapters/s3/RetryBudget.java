package io.elanus.adapters.s3;

import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;

/// How often requests of this process may be tried again, so that a bucket in trouble is not asked more than
/// half as often again, however many callers insist.
///
/// Tokens: each request earns 0.45 with its first try, each further try costs 1. That suffices when 3 of 10
/// tries fail (1 / 0.7 = 1.43 tries per request). Ten more come in every second, which is nothing to a bucket
/// and lets the callers of a long outage find its end.
///
/// ```
/// tries <= 1.45 x requests + 50 + 10 x seconds
/// ```
final class RetryBudget {
  static final double EARNED_PER_REQUEST = 0.45;
  static final double EARNED_PER_SECOND = 10;

  /// Also what there is at the start: one failure each of as many requests in flight.
  static final double MAX_TOKENS = 50;

  private final Run run;
  private final Gate gate;

  /// Guarded by `gate`.
  private double tokens = MAX_TOKENS;

  private long countedAt;

  RetryBudget(Run run) {
    this.run = run;
    this.gate = run.gate();
    this.countedAt = run.nanoTime();
  }

  /// A request is tried for the first time.
  void earn() {
    gate.change(() -> add(EARNED_PER_REQUEST));
  }

  /// Takes a token if there is one.
  boolean take() {
    return gate.change(() -> {
      addForTimePassed();
      boolean has = tokens >= 1;
      tokens -= has ? 1 : 0;
      return has;
    });
  }

  /// Tokens now; may be less than one.
  double tokens() {
    return gate.read(() -> tokens);
  }

  private void addForTimePassed() {
    long now = run.nanoTime();
    add((now - countedAt) * EARNED_PER_SECOND / 1e9);
    countedAt = now;
  }

  private void add(double earned) {
    tokens = Math.min(MAX_TOKENS, tokens + earned);
  }
}
