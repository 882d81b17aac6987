package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaCommitContract;
import io.elanus.common.meta.MetaLeaseContract;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.Change.PutLeased;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.meta.MetaStoreContract;
import io.elanus.common.meta.MetaWatchContract;
import io.elanus.common.run.Together;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMetaStoreTest {
  @TempDir Path folder;

  @Nested
  class Commits extends MetaCommitContract {
    @Override
    protected MetaStore open() {
      return EmbeddedMetaStore.open(run, folder.resolve("meta.db"));
    }
  }

  @Nested
  class Watches extends MetaWatchContract {
    @Override
    protected MetaStore open() {
      return EmbeddedMetaStore.open(run, folder.resolve("meta.db"));
    }

    @Override
    protected void compact(long revision) {
      ((EmbeddedMetaStore) store).compact(revision);
    }
  }

  @Nested
  class Leases extends MetaLeaseContract {
    @Override
    protected MetaStore open() {
      return EmbeddedMetaStore.open(run, folder.resolve("meta.db"));
    }

    @Override
    protected MetaStore another() {
      return EmbeddedMetaStore.open(run, folder.resolve("another.db"));
    }
  }

  @Nested
  class OpenedAnew extends MetaStoreContract {
    @Override
    protected MetaStore open() {
      return EmbeddedMetaStore.open(run, folder.resolve("meta.db"));
    }

    private void reopen() {
      store.close();
      store = open();
    }

    @Test
    void entriesAndRevisionsAreAsBefore() {
      long revision = put("a", "1");

      reopen();

      assertThat(value("a")).contains("1");
      assertThat(store.get("a").orElseThrow().revision()).isEqualTo(revision);
      assertThat(put("b", "1")).isEqualTo(revision + 1);
    }

    @Test
    void aRequestIsStillRemembered() {
      List<Change> changes = List.of(new Put("a", utf8("1")));
      long revision = committed(store.commit("once", List.of(), changes));

      reopen();

      assertThat(store.commit("once", List.of(), changes)).isEqualTo(new Committed(revision));
    }

    @Test
    void leasesOfTheFormerProcessHaveEnded() {
      put("a", "1");
      long revision = commit(new PutLeased("n/1", utf8("1"), store.lease(Duration.ofSeconds(60))));

      reopen();

      assertThat(keys("")).containsExactly("a");
      assertThat(revision()).isGreaterThan(revision);
    }

    @Test
    void aFileOfTheFirstFormatIsTaken() throws SQLException {
      long revision = put("a", "1");
      store.close();
      try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + folder + "/meta.db");
          Statement statement = file.createStatement()) {
        for (String column : List.of("middle", "newer_bytes", "server")) {
          statement.execute("ALTER TABLE meta_state DROP COLUMN " + column);
        }
        statement.execute("UPDATE meta_state SET format = 1");
      }

      store = open();

      assertThat(value("a")).contains("1");
      assertThat(put("b", "1")).isEqualTo(revision + 1);
    }

    @Test
    void aFileOfAFormatToComeIsRefused() throws SQLException {
      store.close();
      try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + folder + "/meta.db");
          Statement statement = file.createStatement()) {
        statement.execute("UPDATE meta_state SET format = 3");
      }

      assertFails(ErrorCode.CORRUPT, this::open);
    }

    @Test
    void historyOfTheFormerProcessIsForgotten() {
      long revision = put("a", "1");
      put("a", "2");

      reopen();

      try (MetaWatch watch = store.watch("a", revision)) {
        assertFails(ErrorCode.STORAGE_IO_FAILED, () -> watch.poll(soon()));
      }
      try (MetaWatch watch = store.watch("a", revision())) {
        put("a", "3");
        assertThat(watch.poll(soon())).hasSize(1);
      }
    }

    @Test
    void historyIsForgottenWhenItGrowsTooLong() {
      long first = put("a", "0");
      Together.run(
          run,
          50,
          writer -> {
            for (int i = 0; i < 210; i++) {
              put("k" + writer, "" + i);
            }
            return writer;
          });

      try (MetaWatch watch = store.watch("a", first)) {
        assertFails(ErrorCode.STORAGE_IO_FAILED, () -> watch.poll(soon()));
      }
      try (MetaWatch watch = store.watch("k", revision() - 100)) {
        assertThat(watch.poll(soon())).hasSize(100);
      }
    }
  }
}
