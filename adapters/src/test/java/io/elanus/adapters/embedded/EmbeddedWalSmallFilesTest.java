package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.WalContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract over many small files, and what only shows there.
class EmbeddedWalSmallFilesTest extends WalContract {
  @TempDir Path folder;

  @Override
  protected Wal open() {
    EmbeddedWalConfig config = new EmbeddedWalConfig(LOGS, 1 << 20, 4 << 10);
    return EmbeddedWal.open(run, folder.resolve("log"), config);
  }

  @Test
  void trimDeletesWholeFilesAndMovesTheStart() {
    Position start = wal.start(LOG);
    appendLarge(40);
    Position middle = wal.end(LOG);
    appendLarge(40);

    wal.trim(LOG, middle);

    assertThat(wal.start(LOG).offset()).isBetween(36L, middle.offset());
    assertFails(ErrorCode.CORRUPT, () -> wal.tail(LOG, start));
    assertThat(folder.resolve("log/1/00000000000000000000.wal")).doesNotExist();
  }

  @Test
  void aReaderThatIsOvertakenByTrimmingIsTold() {
    appendLarge(200);
    try (WalReader reader = wal.tail(LOG, wal.start(LOG))) {
      wal.trim(LOG, wal.end(LOG));

      assertFails(ErrorCode.CORRUPT, () -> reader.poll(soon()));
    }
  }

  @Test
  void whatWasTrimmedStaysTrimmedWhenOpenedAnew() {
    appendLarge(40);
    wal.trim(LOG, wal.end(LOG));
    Position start = wal.start(LOG);
    Position end = wal.end(LOG);

    wal.close();
    wal = open();

    assertThat(wal.start(LOG)).isEqualTo(start);
    assertThat(wal.end(LOG)).isEqualTo(end);
  }

  private void appendLarge(int count) {
    for (int i = 0; i < count; i++) {
      wal.append(LOG, new byte[1500]);
    }
  }
}
