package io.elanus.adapters.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elanus.adapters.TestCertificates;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.run.Together;
import io.elanus.servers.FreePorts;
import io.elanus.servers.MariaDbServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MySqlSelfTestTest {
  private final Run run = new SystemRun();
  private final MariaDbServer server = MariaDb.shared();
  private final String root = MariaDb.newRoot();

  private MySqlConfig config(String user, boolean createTables, MySqlConfig.Tls tls) {
    return new MySqlConfig(
        new MySqlConfig.Server(server.host(), server.port(), MariaDb.DATABASE),
        new Credentials.Password(user, MariaDb.PASSWORD),
        tls,
        root,
        createTables,
        MySqlConfig.Timing.DEFAULT);
  }

  private void open(MySqlConfig config) {
    MySqlMetaStore.open(run, config).close();
  }

  private DbException refusal(MySqlConfig config) {
    DbException error = catchThrowableOfType(DbException.class, () -> open(config));
    assertThat(error).isNotNull();
    return error;
  }

  private void newUser(String user, String privileges) {
    server.execute(
        "CREATE OR REPLACE USER '%s'@'%%' IDENTIFIED BY '%s'".formatted(user, MariaDb.PASSWORD));
    server.execute("GRANT %s ON %s.* TO '%s'@'%%'".formatted(privileges, MariaDb.DATABASE, user));
  }

  @Test
  void whatIsMissingIsNamedAtOnce() {
    open(MariaDb.config(server, root));
    newUser("reader", "SELECT, INSERT, DELETE");
    server.execute("ALTER TABLE elanus.%s_event ENGINE=Aria".formatted(root));
    server.execute("ALTER TABLE elanus.%s_entry MODIFY entry_key VARCHAR(512)".formatted(root));

    DbException error = refusal(config("reader", true, new MySqlConfig.Tls.Off()));

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
    assertThat(error.text().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .endsWith("tables %s_*, user reader cannot be used:".formatted(root)),
            line -> assertThat(line).startsWith("1. tables %s_* cannot be made".formatted(root)));

    error = refusal(config("reader", false, new MySqlConfig.Tls.Off()));
    assertThat(error.text().lines().skip(1))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("1. UPDATE command denied to user 'reader'"),
            line -> assertThat(line).startsWith("2. UPDATE command denied to user 'reader'"));

    error = refusal(config(MariaDb.USER, false, new MySqlConfig.Tls.Off()));
    assertThat(error.text().lines().skip(1))
        .containsExactly(
            "1. table %s_event is not of InnoDB".formatted(root),
            "2. column entry_key of table %s_entry is not VARBINARY: keys compare by their bytes"
                .formatted(root));
  }

  @Test
  void aUserWhoMayNotMakeTablesUsesThoseThatAreThere() {
    open(MariaDb.config(server, root));
    newUser("writer", "SELECT, INSERT, UPDATE, DELETE");

    open(config("writer", false, new MySqlConfig.Tls.Off()));
  }

  @Test
  void missingTablesAreNamed() {
    DbException error = refusal(config(MariaDb.USER, false, new MySqlConfig.Tls.Off()));

    assertThat(error.text()).contains("Table 'elanus.%s_state' doesn't exist".formatted(root));
  }

  @Test
  void aServerThatTakesOnlySmallPacketsIsRefused() {
    server.execute("SET GLOBAL max_allowed_packet = 1048576");
    try {
      assertThat(refusal(MariaDb.config(server, root)).text())
          .endsWith("1. max_allowed_packet is 1048576 bytes, needed are 4194304");
    } finally {
      server.execute("SET GLOBAL max_allowed_packet = 16777216");
    }
  }

  @Test
  void whoCannotBeReachedOrRefusesIsNamed() {
    MySqlConfig nobody =
        MariaDb.config(
            new MySqlConfig.Server(server.host(), FreePorts.one(), MariaDb.DATABASE), root);

    DbException error = refusal(nobody);
    assertThat(error.code()).isEqualTo(ErrorCode.STORAGE_IO_FAILED);
    assertThat(error.text()).startsWith("metastore 127.0.0.1:" + nobody.server().port());

    assertThat(refusal(config("stranger", true, new MySqlConfig.Tls.Off())).text())
        .contains("Access denied for user 'stranger'");
  }

  @Test
  void manyProcessesMayMakeTheTablesAtOnce() {
    MySqlConfig config = MariaDb.config(server, root);
    List<MySqlMetaStore> stores = Together.run(run, 6, _ -> MySqlMetaStore.open(run, config));

    assertThat(stores).allSatisfy(store -> assertThat(store.range("").revision()).isZero());
    stores.forEach(MetaStore::close);
  }

  @Test
  void throughTlsTheServerProvesItsName(@TempDir Path folder) {
    Path right = MariaDb.certificates().certificate();
    Path wrong = TestCertificates.make(folder).certificate();

    open(config(MariaDb.USER, true, new MySqlConfig.Tls.Verified(Optional.of(right))));
    open(config(MariaDb.USER, true, new MySqlConfig.Tls.Unverified()));
    assertThat(
            refusal(config(MariaDb.USER, true, new MySqlConfig.Tls.Verified(Optional.of(wrong))))
                .code())
        .isEqualTo(ErrorCode.STORAGE_IO_FAILED);
    assertThat(
            refusal(config(MariaDb.USER, true, new MySqlConfig.Tls.Verified(Optional.empty())))
                .code())
        .isEqualTo(ErrorCode.STORAGE_IO_FAILED);
    assertThat(
            refusal(
                    config(
                        MariaDb.USER,
                        true,
                        new MySqlConfig.Tls.Verified(Optional.of(folder.resolve("none")))))
                .code())
        .isEqualTo(ErrorCode.INVALID_PARAMETER);
  }
}
