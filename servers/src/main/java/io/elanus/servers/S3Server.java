package io.elanus.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An S3-compatible server over a local folder: s3proxy in a JVM of its own, on a loopback port.
///
/// Creates with `If-None-Match` are atomic. Replacing with `If-Match` is not, so nothing may rest on it.
/// All it keeps lies in one folder: started on the same folder again, it has the same objects and port.
///
/// ```
/// port                drawn once
/// server.properties   written anew at each start, and logback.xml
/// output              what all its starts said
/// data/<bucket>/...   one file per object
/// ```
///
/// Not thread-safe.
public final class S3Server implements AutoCloseable {
  public static final String REGION = "us-east-1";
  public static final String ACCESS_KEY_ID = "elanus";
  public static final String SECRET_ACCESS_KEY = "elanus-secret";

  private static final String STARTED = "Server Started ";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  /// Writing the cache takes some seconds of a core.
  private static final Duration TRAINING_STOP_LIMIT = Duration.ofMinutes(2);

  /// Enough for the parts of several parallel uploads, which it holds in memory to check their signature.
  private static final List<String> FLAGS =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-Xlog:aot*=off");

  /// What others may read in the folder, anybody may read without a key.
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private static final String LOGBACK =
      """
      <configuration>
        <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d{HH:mm:ss.SSS} %level %logger{0} %msg%n</pattern></encoder>
        </appender>
        <root level="INFO"><appender-ref ref="OUT"/></root>
      </configuration>
      """;

  private final Path jars;
  private final Path folder;
  private final int port;
  private ChildProcess process;
  private long outputStart;

  private S3Server(Path jars, Path folder, int port, List<String> flags) {
    this.jars = jars;
    this.folder = folder;
    this.port = port;
    this.process = launch(flags);
  }

  /// Returns when it serves.
  ///
  /// @throws IllegalStateException when it does not start, with its last output
  public static S3Server start(Path folder) {
    Path jars = ServerJars.require("s3");
    AotCache cache = new AotCache("s3", jars);
    cache.makeOnce(
        (scratch, flag) -> start(jars, scratch, List.of(flag)).stop(TRAINING_STOP_LIMIT));
    return start(jars, folder, cache.flags());
  }

  private static S3Server start(Path jars, Path folder, List<String> flags) {
    try {
      Files.createDirectories(folder.resolve("data"));
      int port = portKeptIn(folder.resolve("port"));
      Files.writeString(folder.resolve("server.properties"), properties(folder, port));
      Files.writeString(folder.resolve("logback.xml"), LOGBACK);
      S3Server server = new S3Server(jars, folder, port, flags);
      server.awaitStarted();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int portKeptIn(Path file) throws IOException {
    if (Files.notExists(file)) {
      Files.writeString(file, Integer.toString(FreePorts.one()));
    }
    return Integer.parseInt(Files.readString(file));
  }

  private static String properties(Path folder, int port) {
    return """
    s3proxy.endpoint=http://127.0.0.1:%d
    s3proxy.authorization=aws-v2-or-v4
    s3proxy.identity=%s
    s3proxy.credential=%s
    jclouds.provider=filesystem-nio2
    jclouds.filesystem.basedir=%s
    """
        .formatted(port, ACCESS_KEY_ID, SECRET_ACCESS_KEY, folder.resolve("data").toAbsolutePath());
  }

  private ChildProcess launch(List<String> flags) {
    outputStart = output().toFile().length();
    List<String> command = new ArrayList<>();
    command.add(Programs.java().toString());
    command.addAll(FLAGS);
    command.addAll(flags);
    command.add("-Dlogback.configurationFile=" + folder.resolve("logback.xml"));
    command.addAll(List.of("-cp", jars + "/*", "org.gaul.s3proxy.Main"));
    command.addAll(List.of("--properties", folder.resolve("server.properties").toString()));
    return ChildProcess.start("s3", command, Map.of(), output());
  }

  private void awaitStarted() {
    process.awaitReady(START_LIMIT, () -> process.hasSaid(STARTED, outputStart));
  }

  /// For path-style requests.
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// Makes a bucket; one that is there is success.
  public void createBucket(String name) {
    try {
      Path bucket = folder.resolve("data").resolve(name);
      Files.createDirectories(bucket);
      Files.setPosixFilePermissions(bucket, PRIVATE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  public Path output() {
    return folder.resolve("output");
  }

  /// `kill -9`: what it wrote stays in the page cache of the machine.
  public void kill() {
    process.kill();
  }

  /// SIGSTOP and SIGCONT.
  public void pause(boolean paused) {
    process.pause(paused);
  }

  /// Starts it again on its folder and port, after a stop when it still runs; returns when it serves.
  public void restart() {
    if (process.isAlive()) {
      stop(STOP_LIMIT);
    }
    process = launch(new AotCache("s3", jars).flags());
    awaitStarted();
  }

  private void stop(Duration limit) {
    process.stop(limit);
  }

  /// Ends it. Its objects stay.
  @Override
  public void close() {
    stop(STOP_LIMIT);
  }
}
