package io.elanus.standalone.rebuild;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.wal.Position;
import java.util.ArrayList;
import java.util.List;

/// Which manifest a shard goes on from: the newest that is whole, if the log has all that follows it.
///
/// ```
///  manifests, newest first     checkpoint      log from 500
///  9  damaged                  700
///  8  whole                    600        <──  taken: the log has 600 and what follows
///
///  9  whole                    300        <──  taken: none is newer, so the shard had no record since
///
///  9  damaged                  700
///  8  whole                    300             lost: 300 to 500 were in 9 alone
///
///  9  damaged                  300
///  8  whole                    300        <──  taken: 9 only had other files for the same rows
/// ```
///
/// The log forgets a record only when a committed manifest of its shard covers it (the floor), and objects named by
/// the newest committed manifest are not swept. A manifest that was written and never committed is as true: it is
/// the shard at its checkpoint.
final class ShardChoice {
  private ShardChoice() {}

  static ShardFate choose(FoundShard found, FoundLog log) {
    List<String> passedOver = new ArrayList<>(found.strangers());
    List<FoundManifest> newer = new ArrayList<>();
    for (FoundManifest candidate : found.manifests()) {
      if (candidate.isWhole()) {
        return judge(found, candidate, newer, log, passedOver);
      }
      candidate.problems().forEach(p -> passedOver.add("%s: %s".formatted(candidate.key(), p)));
      newer.add(candidate);
    }
    if (newer.isEmpty()) {
      return new ShardFate.InLog(found.shard());
    }
    passedOver.add("no manifest is whole");
    return new ShardFate.Lost(found.shard(), passedOver);
  }

  private static ShardFate judge(
      FoundShard found,
      FoundManifest candidate,
      List<FoundManifest> newer,
      FoundLog log,
      List<String> passedOver) {
    Manifest manifest = candidate.manifest().orElseThrow();
    Position checkpoint = manifest.checkpoint().position();
    if (checkpoint.incarnation() != log.end().incarnation()) {
      passedOver.add(
          "%s goes on at %s of log %s, which is another one now: it reaches from %s to %s"
              .formatted(candidate.key(), checkpoint, log.log(), log.start(), log.end()));
    } else if (log.end().isBefore(checkpoint)) {
      passedOver.add(
          "%s goes on at %s, but log %s ends at %s"
              .formatted(candidate.key(), checkpoint, log.log(), log.end()));
    } else if (checkpoint.isBefore(log.start())
        && !newer.stream().allMatch(m -> endsAt(m, checkpoint))) {
      passedOver.add(
          "%s is whole, but goes on at %s, and log %s begins at %s"
              .formatted(candidate.key(), checkpoint, log.log(), log.start()));
    } else {
      return new ShardFate.Recovered(found.shard(), candidate.key(), manifest, passedOver);
    }
    return new ShardFate.Lost(found.shard(), passedOver);
  }

  private static boolean endsAt(FoundManifest manifest, Position checkpoint) {
    return manifest
        .manifest()
        .filter(m -> m.checkpoint().position().equals(checkpoint))
        .isPresent();
  }
}
