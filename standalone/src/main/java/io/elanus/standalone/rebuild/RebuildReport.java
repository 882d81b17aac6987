package io.elanus.standalone.rebuild;

import io.elanus.common.model.HybridTimestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A plan in words, one line per shard and per thing to know.
final class RebuildReport {
  private RebuildReport() {}

  static List<String> of(RebuildPlan plan) {
    List<String> lines = new ArrayList<>();
    plan.fates().forEach(fate -> lines.addAll(lines(fate)));
    lines.addAll(plan.notes());
    lines.add(
        "timestamps go on after %s, ids at %d"
            .formatted(
                Instant.ofEpochMilli(HybridTimestamp.millis(plan.marks().timestamp())),
                plan.marks().nextId()));
    return lines;
  }

  private static List<String> lines(ShardFate fate) {
    List<String> lines = new ArrayList<>();
    switch (fate) {
      case ShardFate.Recovered r -> {
        lines.add(
            "shard %s: %d rows in %s; the log goes on at %s"
                .formatted(
                    r.shard(),
                    r.manifest().rowCount(),
                    r.key(),
                    r.manifest().checkpoint().position()));
        r.passedOver().forEach(p -> lines.add("  passed over: " + p));
      }
      case ShardFate.InLog l -> lines.add("shard %s: all of it is in the log".formatted(l.shard()));
      case ShardFate.Lost l -> {
        lines.add("shard %s: ROWS ARE LOST".formatted(l.shard()));
        l.reasons().forEach(reason -> lines.add("  " + reason));
      }
    }
    return lines;
  }
}
