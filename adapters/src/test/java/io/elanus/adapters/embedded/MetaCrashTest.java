package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.meta.MetaStore.Condition.Absent;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.run.Together;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetaCrashTest {
  @TempDir Path folder;

  @Test
  void anAcknowledgedCommitSurvivesTheKillOfTheProcess() throws Exception {
    Path file = folder.resolve("meta.db");
    List<String> acknowledged = KilledChild.run(Victim.class, file, 300);

    try (MetaStore store = EmbeddedMetaStore.open(LogFixture.RUN, file)) {
      List<MetaEntry> entries = store.range("").entries();
      Set<String> found =
          entries.stream()
              .map(entry -> entry.key() + " " + entry.revision())
              .collect(Collectors.toSet());

      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(300);
      assertThat(acknowledged.stream().filter(said -> !found.contains(said))).isEmpty();
      assertThat(entries).extracting(MetaEntry::revision).doesNotHaveDuplicates();
    }
  }

  /// Commits until it is killed, and prints each key and revision once it is acknowledged.
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) {
      MetaStore store = EmbeddedMetaStore.open(LogFixture.RUN, Path.of(args[0]));
      Together.run(
          LogFixture.RUN,
          8,
          writer -> {
            for (int i = 0; i < 1_000_000; i++) {
              String key = writer + "-" + i;
              var outcome =
                  store.commit(key, List.of(new Absent(key)), List.of(new Put(key, new byte[50])));
              System.out.println(key + " " + ((Committed) outcome).revision());
            }
            return writer;
          });
    }
  }
}
