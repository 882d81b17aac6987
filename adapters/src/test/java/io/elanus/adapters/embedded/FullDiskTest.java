package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On a file system of its own, which takes a mount: where that is not allowed, nothing is tested.
class FullDiskTest {
  private static final String SMALL = "mount -t tmpfs -o size=4m none '%s' && exec \"$@\"";

  @TempDir Path folder;

  /// Runs `main` with a folder on a file system of 4 MiB.
  private String onSmallDisk(Class<?> main) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("unshare", "--map-root-user", "--mount", "sh", "-c"));
    command.add(SMALL.formatted(folder));
    command.add("sh");
    command.addAll(KilledChild.builder(main, folder).command());
    Path said = Files.createTempFile("said", ".txt");
    try {
      Process child =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      assertThat(child.waitFor(2, TimeUnit.MINUTES)).isTrue();
      String text = Files.readString(said);
      assumeThat(text).as("a mount of our own").doesNotContain("unshare:").doesNotContain("mount:");
      return text;
    } finally {
      Files.delete(said);
    }
  }

  @Test
  void aMetastoreWhoseDiskWasFullGoesOnWhenThereIsRoom() throws Exception {
    assertThat(onSmallDisk(MetaVictim.class)).endsWith("went on\n");
  }

  /// Fills the disk beside the store, and makes room again, several times.
  static final class MetaVictim {
    private MetaVictim() {}

    public static void main(String[] args) throws IOException {
      Path folder = Path.of(args[0]);
      Path filler = folder.resolve("filler");
      List<String> acknowledged = new ArrayList<>();
      try (MetaStore store = EmbeddedMetaStore.open(LogFixture.RUN, folder.resolve("meta.db"))) {
        for (int round = 0; round < 5; round++) {
          fill(filler);
          int before = acknowledged.size();
          boolean refused = false;
          for (int i = 0; i < 2_000 && !refused; i++) {
            refused = !commit(store, "full-%d-%d".formatted(round, i), acknowledged);
          }
          require(refused, "a full disk takes commits: " + (acknowledged.size() - before));
          require(store.range("").entries().size() >= acknowledged.size(), "reads go on");
          Files.delete(filler);
          require(commit(store, "room-" + round, acknowledged), "no commit, though there is room");
        }
      }
      try (MetaStore store = EmbeddedMetaStore.open(LogFixture.RUN, folder.resolve("meta.db"))) {
        for (String key : acknowledged) {
          require(store.get(key).isPresent(), key + " is lost");
        }
      }
      System.out.println("went on");
    }

    private static boolean commit(MetaStore store, String key, List<String> acknowledged) {
      boolean committed =
          store.commit(key, List.of(), List.of(new Put(key, new byte[500]))) instanceof Committed;
      if (committed) {
        acknowledged.add(key);
      }
      return committed;
    }
  }

  private static void fill(Path filler) throws IOException {
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] zeros = new byte[4_096];
      while (true) {
        out.write(zeros);
      }
    } catch (IOException e) {
      if (!("" + e.getMessage()).contains("space")) {
        throw e;
      }
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
