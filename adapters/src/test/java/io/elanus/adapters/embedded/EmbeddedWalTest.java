package io.elanus.adapters.embedded;

import io.elanus.common.wal.Wal;
import io.elanus.common.wal.WalContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedWalTest extends WalContract {
  @TempDir Path folder;

  @Override
  protected Wal open() {
    EmbeddedWalConfig config = new EmbeddedWalConfig(LOGS, 3 << 20, 64 << 20);
    return EmbeddedWal.open(run, folder.resolve("log"), config);
  }
}
