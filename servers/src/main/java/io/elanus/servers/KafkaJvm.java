package io.elanus.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Command lines of Kafka's programs.
final class KafkaJvm {
  private static final String STARTED = "Kafka Server started";
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration FORMAT_LIMIT = Duration.ofSeconds(60);

  /// Writing the cache takes some ten seconds of a core.
  private static final Duration TRAINING_STOP_LIMIT = Duration.ofMinutes(2);

  /// The collector is part of what a cache is made for.
  private static final List<String> FLAGS =
      List.of("-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow", "-Xlog:aot*=off");

  /// Where the first log line says something worth reading.
  private static final List<String> LOGGING =
      List.of(
          "-Dorg.slf4j.simpleLogger.showDateTime=true",
          "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
          "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config.AbstractConfig=warn");

  private final Path jars;
  private final AotCache cache;

  KafkaJvm() {
    this.jars = ServerJars.require("kafka");
    this.cache = new AotCache("kafka", jars);
  }

  /// Prepares the data folder that `properties` name. [#awaitFormatted] says when it is done.
  ChildProcess format(Path properties, List<String> arguments, Path output) {
    List<String> command = program(List.of("-Xmx64m"), "kafka.tools.StorageTool");
    command.addAll(List.of("format", "-t", KafkaServer.CLUSTER_ID, "-c", properties.toString()));
    command.addAll(arguments);
    return ChildProcess.start("kafka-format", command, Map.of(), output);
  }

  static void awaitFormatted(ChildProcess format) {
    format.awaitSuccess(FORMAT_LIMIT);
  }

  /// Starts a broker. [#awaitStarted] says when it serves.
  ChildProcess start(String name, int heapMegabytes, Path properties, Path output) {
    List<String> flags = new ArrayList<>(heap(heapMegabytes));
    flags.addAll(cache.flags());
    return start(name, flags, properties, output);
  }

  private ChildProcess start(String name, List<String> flags, Path properties, Path output) {
    List<String> command = program(flags, "kafka.Kafka");
    command.add(properties.toString());
    return ChildProcess.start(name, command, Map.of(), output);
  }

  /// @param from where the output of this start begins
  static void awaitStarted(ChildProcess broker, long from) {
    broker.awaitReady(START_LIMIT, () -> broker.hasSaid(STARTED, from));
  }

  private List<String> program(List<String> flags, String mainClass) {
    List<String> command = new ArrayList<>();
    command.add(Programs.java().toString());
    command.addAll(flags);
    command.addAll(FLAGS);
    command.addAll(LOGGING);
    command.addAll(List.of("-cp", jars + "/*", mainClass));
    return command;
  }

  private static List<String> heap(int megabytes) {
    return List.of("-Xms%dm".formatted(megabytes), "-Xmx%dm".formatted(megabytes));
  }

  /// Makes the cache that halves every later start, unless there is one.
  void train() {
    cache.makeOnce(this::train);
  }

  private void train(Path folder, String flag) throws IOException {
    BrokerFiles files = new BrokerFiles(folder, 1);
    files.write(KafkaOptions.ONE_BROKER, List.of(BrokerPorts.free(KafkaOptions.ONE_BROKER)));
    awaitFormatted(format(files.properties(), List.of(), files.output()));
    List<String> flags = new ArrayList<>(heap(KafkaOptions.ONE_BROKER.heapMegabytes()));
    flags.add(flag);
    ChildProcess broker = start("kafka-training", flags, files.properties(), files.output());
    awaitStarted(broker, 0);
    broker.stop(TRAINING_STOP_LIMIT);
  }
}
