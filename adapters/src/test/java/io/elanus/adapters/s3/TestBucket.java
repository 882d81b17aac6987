package io.elanus.adapters.s3;

import io.elanus.common.run.Run;
import io.elanus.servers.S3Server;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// One server for all tests of this JVM; each test has a root of its own in its bucket.
///
/// `ELANUS_TEST_S3=http://host:port` runs them against another server, which has an empty bucket of that name
/// and the same keys or checks none: `moto_server` for a second opinion.
final class TestBucket {
  static final String NAME = "elanus-test";

  /// Parts as small as S3 takes, and a patience that fits a test.
  static final S3Limits LIMITS =
      new S3Limits(5L << 20, 4, 32, 10, Duration.ofSeconds(10), Duration.ofSeconds(30));

  private static final URI ENDPOINT =
      Optional.ofNullable(System.getenv("ELANUS_TEST_S3"))
          .map(URI::create)
          .orElseGet(() -> start().endpoint());
  private static final AtomicInteger ROOTS = new AtomicInteger();

  private TestBucket() {}

  private static S3Server start() {
    try {
      S3Server server = S3Server.start(Files.createTempDirectory("s3-test"));
      server.createBucket(NAME);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static URI endpoint() {
    return ENDPOINT;
  }

  /// A root that nothing lies under yet.
  static String newRoot() {
    return "root-" + ROOTS.incrementAndGet();
  }

  static S3Config config(URI endpoint, String root) {
    return S3Config.of(NAME, root, S3Endpoint.of(S3Server.REGION, endpoint))
        .with(S3Credentials.of(S3Server.ACCESS_KEY_ID, S3Server.SECRET_ACCESS_KEY))
        .with(LIMITS);
  }

  static S3ObjectStore open(Run run, URI endpoint, String root) {
    return S3ObjectStore.open(run, config(endpoint, root), new SimpleMeterRegistry());
  }
}
