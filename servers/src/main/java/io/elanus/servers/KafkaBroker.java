package io.elanus.servers;

import java.nio.file.Path;
import java.time.Duration;

/// One broker of a [KafkaServer], and what a test may do to it. Not thread-safe.
public final class KafkaBroker {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private final KafkaJvm jvm;
  private final BrokerFiles files;
  private final BrokerPorts ports;
  private final int heapMegabytes;
  private ChildProcess process;
  private long outputStart;

  KafkaBroker(KafkaJvm jvm, BrokerFiles files, BrokerPorts ports, int heapMegabytes) {
    this.jvm = jvm;
    this.files = files;
    this.ports = ports;
    this.heapMegabytes = heapMegabytes;
    this.process = launch();
  }

  private ChildProcess launch() {
    outputStart = files.output().toFile().length();
    return jvm.start("kafka-" + files.id(), heapMegabytes, files.properties(), files.output());
  }

  void awaitStarted() {
    KafkaJvm.awaitStarted(process, outputStart);
  }

  /// From 1; Kafka's `node.id`.
  public int id() {
    return files.id();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /// What it logged in all its starts.
  public Path output() {
    return files.output();
  }

  /// `host:port` of one of its listeners.
  public String address(String listener) {
    return ports.address(listener);
  }

  /// `kill -9`: what it wrote stays in the page cache of the machine, so nothing it acknowledged is lost.
  public void kill() {
    process.kill();
  }

  /// SIGSTOP and SIGCONT.
  public void pause(boolean paused) {
    process.pause(paused);
  }

  /// SIGTERM: hands its leadership over and ends.
  public void stop() {
    process.stop(STOP_LIMIT);
  }

  /// Starts it again on its files and ports, after a stop when it still runs; returns when it serves.
  public void restart() {
    relaunch();
    awaitStarted();
  }

  /// As [#restart], without waiting until it serves.
  public void relaunch() {
    if (process.isAlive()) {
      stop();
    }
    process = launch();
  }
}
