package io.elanus.standalone.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.standalone.cluster.StateFile.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
  @TempDir Path folder;

  private final Entry self = Entry.of(StateFile.OWNER, ProcessHandle.current().pid());

  @Test
  void whatIsWrittenIsRead() {
    StateFile state = new StateFile(4711, "token", List.of(self, new Entry("s3", 1, 2)));

    state.write(folder);

    assertThat(StateFile.read(folder)).contains(state);
    StateFile.delete(folder);
    assertThat(StateFile.read(folder)).isEmpty();
  }

  @Test
  void nobodyElseReadsTheToken() throws IOException {
    new StateFile(4711, "token", List.of(self)).write(folder);

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("cluster.state"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aPidThatSomebodyElseHasNowIsNotTheProcess() {
    Entry earlier = new Entry(StateFile.OWNER, self.pid(), self.startMillis() - 10_000);

    assertThat(self.alive()).isPresent();
    assertThat(earlier.alive()).isEmpty();
    assertThat(new StateFile(1, "token", List.of(earlier)).owner()).isEmpty();
    assertThat(new StateFile(1, "token", List.of(earlier, self)).alive()).containsExactly(self);
  }

  @Test
  void commandsSayWhereNoClusterRuns() {
    assertThatThrownBy(() -> Owner.of(folder)).hasMessage("no cluster runs on " + folder);
  }
}
