package io.elanus.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A MariaDB server on a free port of the loopback address. Its folder is made ready once (3 s); from
/// then on it starts in a fifth of a second, with everything it kept.
///
/// ```
/// <folder>/data/         what it keeps
/// <folder>/mariadb.log   what it says
/// ```
public final class MariaDbServer implements AutoCloseable {
  public static final String PROGRAM = "mariadbd";
  public static final String DEBIAN_PACKAGE = "mariadb-server";

  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(2);
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(30);
  private static final int GREETING_MILLIS = 2_000;

  private final Path folder;
  private final List<String> options;
  private final int port;
  private ChildProcess process;

  private MariaDbServer(Path folder, List<String> options, int port) {
    this.folder = folder;
    this.options = List.copyOf(options);
    this.port = port;
    this.process = launch();
  }

  /// Starts a server on what `folder` keeps, and makes it ready for that when it is new.
  ///
  /// @throws IllegalStateException when MariaDB is not installed, or does not start
  public static MariaDbServer start(Path folder) {
    return start(folder, List.of());
  }

  /// @param options of the command line, in addition to ours
  public static MariaDbServer start(Path folder, List<String> options) {
    install(folder);
    return new MariaDbServer(folder, options, FreePorts.one());
  }

  public String host() {
    return InetAddress.getLoopbackAddress().getHostAddress();
  }

  public int port() {
    return port;
  }

  public String jdbcAddress(String database) {
    return "jdbc:mysql://%s:%d/%s".formatted(host(), port, database);
  }

  /// Makes a database, and a user with all rights in it alone.
  public void createDatabase(String database, String user, String password) {
    execute("CREATE DATABASE IF NOT EXISTS `%s`".formatted(database));
    execute("CREATE USER IF NOT EXISTS '%s'@'%%' IDENTIFIED BY '%s'".formatted(user, password));
    execute("GRANT ALL ON `%s`.* TO '%s'@'%%'".formatted(database, user));
  }

  /// While it is read-only, writes of users other than root fail with error 1290.
  public void setReadOnly(boolean readOnly) {
    execute("SET GLOBAL read_only = " + (readOnly ? 1 : 0));
  }

  /// Runs a statement as root.
  ///
  /// @throws IllegalStateException when it fails
  public void execute(String sql) {
    require(
        List.of(
            Programs.require("mariadb", DEBIAN_PACKAGE).toString(),
            "--no-defaults",
            "--user=root",
            "--socket=" + socket(),
            "--execute=" + sql),
        STATEMENT_LIMIT,
        folder.resolve("client.log"));
  }

  public ChildProcess process() {
    return process;
  }

  /// `kill -9`.
  public void kill() {
    process.kill();
  }

  /// SIGSTOP: it stands still, its connections stay open.
  public void pause(boolean paused) {
    process.pause(paused);
  }

  /// Starts it again after a kill, on the same port. Returns when it has recovered.
  public void restart() {
    process.close();
    process = launch();
  }

  @Override
  public void close() {
    process.close();
  }

  private static void install(Path folder) {
    Path data = folder.resolve("data");
    if (Files.isDirectory(data.resolve("mysql"))) {
      return;
    }
    require(
        List.of(
            Programs.require("mariadb-install-db", DEBIAN_PACKAGE).toString(),
            "--no-defaults",
            "--user=" + System.getProperty("user.name"),
            "--datadir=" + data,
            "--auth-root-authentication-method=normal",
            "--skip-test-db"),
        INSTALL_LIMIT,
        folder.resolve("install.log"));
  }

  private ChildProcess launch() {
    List<String> command = new ArrayList<>();
    command.add(Programs.require(PROGRAM, DEBIAN_PACKAGE).toString());
    command.addAll(
        List.of(
            "--no-defaults",
            "--user=" + System.getProperty("user.name"),
            "--datadir=" + folder.resolve("data"),
            "--port=" + port,
            "--bind-address=" + host(),
            "--socket=" + socket(),
            "--pid-file=" + folder.resolve("mariadb.pid"),
            "--innodb-buffer-pool-size=64M",
            "--skip-name-resolve",
            "--performance-schema=OFF"));
    command.addAll(options);
    return ChildProcess.start("mariadb " + port, command, Map.of(), folder.resolve("mariadb.log"))
        .awaitReady(READY_LIMIT, this::greets);
  }

  /// A MySQL server speaks first.
  private boolean greets() {
    try (Socket socket = new Socket(host(), port)) {
      socket.setSoTimeout(GREETING_MILLIS);
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException notYet) {
      return false;
    }
  }

  /// Not in the folder: the path of a socket has 107 bytes at most.
  private Path socket() {
    return Path.of(System.getProperty("java.io.tmpdir"), "elanus-mariadb-%d.sock".formatted(port));
  }

  private static void require(List<String> command, Duration limit, Path output) {
    try {
      Files.createDirectories(output.toAbsolutePath().getParent());
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("%s has not ended after %s".formatted(command, limit));
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            "%s failed:%n%s".formatted(command, Files.readString(output).strip()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while %s ran".formatted(command), e);
    }
  }
}
