package io.elanus.bench;

import io.elanus.adapters.s3.S3Config;
import io.elanus.adapters.s3.S3Credentials;
import io.elanus.adapters.s3.S3Endpoint;
import io.elanus.adapters.s3.S3Limits;
import io.elanus.adapters.s3.S3ObjectStore;
import io.elanus.adapters.s3.S3SelfTest;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.servers.S3Server;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run s3`: small and large objects through the port, as the roles use it.
@Command(
    name = "s3",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Latency of small objects and throughput of large ones, in an S3 bucket or, without one, on a local"
            + " S3-compatible server that shares this machine.")
final class S3Command implements Callable<Integer> {
  private static final int MIB = 1 << 20;
  private static final int SMALL_BYTES = 16 << 10;
  private static final int LARGE_BYTES = 64 * MIB;

  @Option(names = "--bucket", description = "A bucket to measure; keys by the default chain.")
  private @Nullable String bucket;

  @Option(names = "--endpoint", description = "Where it is, if not at AWS.")
  private @Nullable URI endpoint;

  @Option(names = "--root", description = "Prefix of the objects made and deleted.")
  private String root = "elanus-bench";

  @Option(names = "--small", description = "How many small objects.")
  private int small = 2_000;

  @Option(names = "--large", description = "How often each large one.")
  private int large = 9;

  private final Run run = new SystemRun();

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("elanus-s3");
    if (bucket != null) {
      S3Endpoint where =
          new S3Endpoint(Optional.empty(), Optional.ofNullable(endpoint), endpoint != null);
      measure(S3Config.of(bucket, root, where), folder);
      return 0;
    }
    try (S3Server server = S3Server.start(folder.resolve("server"))) {
      server.createBucket("bench");
      S3Endpoint where = S3Endpoint.of(S3Server.REGION, server.endpoint());
      measure(
          S3Config.of("bench", root, where)
              .with(S3Credentials.of(S3Server.ACCESS_KEY_ID, S3Server.SECRET_ACCESS_KEY)),
          folder);
      return 0;
    }
  }

  private void measure(S3Config config, Path folder) throws IOException {
    try (S3ObjectStore store = open(config)) {
      long start = run.nanoTime();
      S3SelfTest.run(run, store);
      System.out.printf("self-test: %.0f ms%n", (run.nanoTime() - start) / 1e6);
      smallObjects(store);
    }
    S3Limits limits = S3Limits.DEFAULT;
    largeObject("8 parts of 8 MiB", config, folder);
    S3Limits one =
        new S3Limits(
            LARGE_BYTES,
            limits.transfers(),
            limits.requests(),
            limits.tries(),
            limits.tryLimit(),
            limits.callLimit());
    largeObject("one stream", config.with(one), folder);
  }

  private S3ObjectStore open(S3Config config) {
    return S3ObjectStore.open(run, config, new SimpleMeterRegistry());
  }

  private void smallObjects(ObjectStore store) {
    byte[] bytes = random(SMALL_BYTES);
    times(small / 10, i -> store.create(key(-1 - i), bytes)); // warm
    print("create 16 KiB", times(small, i -> store.create(key(i), bytes)));
    print("read 16 KiB", times(small, i -> store.read(key(i))));
    print("size", times(small, i -> store.size(key(i))));
    print("delete", times(small, i -> store.delete(key(i))));
    times(small / 10, i -> store.delete(key(-1 - i)));
  }

  private void largeObject(String how, S3Config config, Path folder) throws IOException {
    Path file = folder.resolve("source");
    Files.write(file, random(LARGE_BYTES));
    try (ObjectStore store = open(config)) {
      rate("create 64 MiB, " + how, times(large, i -> store.create(key(i), file)));
      rate(
          "download 64 MiB, " + how,
          times(large, i -> store.download(key(i), folder.resolve(how + i))));
      for (int i = 0; i < large; i++) {
        store.delete(key(i));
        Files.delete(folder.resolve(how + i));
      }
    }
    Files.delete(file);
  }

  private static ObjectKey key(int i) {
    return new ObjectKey("object-%d".formatted(i));
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  /// @return nanoseconds, ascending
  private long[] times(int count, IntConsumer action) {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long start = run.nanoTime();
      action.accept(i);
      nanos[i] = run.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static void print(String what, long[] nanos) {
    System.out.printf(
        "%s: p50 %.2f ms, p99 %.2f ms%n",
        what, nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6);
  }

  private static void rate(String what, long[] nanos) {
    double mib = (double) LARGE_BYTES / MIB;
    System.out.printf(
        "%s: median %.0f MiB/s, best %.0f MiB/s%n",
        what, mib / (nanos[nanos.length / 2] / 1e9), mib / (nanos[0] / 1e9));
  }
}
