package io.elanus.adapters.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.adapters.s3.FaultyS3.Fault;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.object.ObjectStore.Created;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.run.Task;
import io.elanus.common.run.Together;
import io.elanus.servers.S3Server;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of requests on a bad way to a good bucket.
class S3FaultsTest {
  private static final ObjectKey KEY = new ObjectKey("a1/c1/s0/segment/01.parquet");
  private static final Fault SLOW_DOWN =
      new Fault.Refused(503, "SlowDown", "please reduce your request rate");

  /// Three parts.
  private static final int LARGE_BYTES = (12 << 20) + 7;

  private final Run run = new SystemRun();
  private final String root = TestBucket.newRoot();

  @TempDir Path folder;
  private FaultyS3 proxy;
  private ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    proxy = FaultyS3.before(TestBucket.endpoint());
    store = TestBucket.open(run, proxy.endpoint(), root);
  }

  @AfterEach
  void close() {
    store.close();
    proxy.close();
  }

  @Test
  void aStormThatRefusesThreeOfTenTriesFailsNothingAndIsNotMadeWorse() {
    proxy.spoil(threeOfTen(SLOW_DOWN));

    Together.run(
        run,
        32,
        thread -> {
          for (int i = 0; i < 6; i++) {
            ObjectKey key = new ObjectKey("storm/%d-%d".formatted(thread, i));
            assertThat(store.create(key, new byte[] {(byte) i})).isEqualTo(Created.CREATED);
            assertThat(store.read(key)).containsExactly(i);
            assertThat(store.size(key)).contains(1L);
            store.delete(key);
          }
          return "done";
        });

    int requests = 32 * 6 * 4;
    assertThat((double) proxy.requests().size() / requests).isLessThan(1.5).isGreaterThan(1.4);
  }

  /// In every ten requests exactly three, at places that a seed chose.
  private static FaultyS3.Faults threeOfTen(Fault fault) {
    Random random = new Random(1);
    List<Boolean> fate = new ArrayList<>();
    while (fate.size() < 100_000) {
      List<Boolean> ten = new ArrayList<>(Collections.nCopies(7, false));
      ten.addAll(Collections.nCopies(3, true));
      Collections.shuffle(ten, random);
      fate.addAll(ten);
    }
    return request -> fate.get(request.number()) ? fault : Fault.NONE;
  }

  @Test
  void aCreateWhoseAnswerWasLostKnowsItsOwnObject() {
    proxy.spoil(FaultyS3.first("PUT", new Fault.AnswerLost()));

    assertThat(store.create(KEY, new byte[] {7})).isEqualTo(Created.CREATED);

    assertThat(proxy.methods()).containsExactly("PUT", "PUT", "HEAD");
    assertThat(store.read(KEY)).containsExactly(7);
  }

  @Test
  void aCreateThatIsTriedAgainKnowsTheObjectOfAnother() {
    store.create(KEY, new byte[] {1});
    proxy.spoil(FaultyS3.first("PUT", SLOW_DOWN));

    assertThat(store.create(KEY, new byte[] {7})).isEqualTo(Created.EXISTS);

    assertThat(store.read(KEY)).containsExactly(1);
  }

  @Test
  void aLargeCreateWhoseLastAnswerWasLostKnowsItsOwnObject() {
    byte[] bytes = bytes(LARGE_BYTES);
    boolean[] lost = {false};
    proxy.spoil(request -> {
      boolean finishes = request.is("POST") && request.target().contains("uploadId=");
      boolean now = finishes && !lost[0];
      lost[0] |= now;
      return now ? new Fault.AnswerLost() : Fault.NONE;
    });

    assertThat(store.create(KEY, bytes)).isEqualTo(Created.CREATED);

    assertThat(lost).containsExactly(true);
    assertThat(store.read(KEY)).isEqualTo(bytes);
  }

  @Test
  void creatorsThatTryAgainAreStillOneWinner() {
    proxy.spoil(request -> request.number() % 2 == 0 ? new Fault.AnswerLost() : Fault.NONE);

    List<Created> outcomes = Together.run(run, 20, i -> store.create(KEY, new byte[] {(byte) i}));

    assertThat(outcomes).containsOnlyOnce(Created.CREATED);
    assertThat(store.read(KEY)).containsExactly(outcomes.indexOf(Created.CREATED));
  }

  @Test
  void anUploadThatFailsLeavesNothingBehind() {
    byte[] bytes = bytes(LARGE_BYTES);
    proxy.spoil(request ->
        request.target().contains("partNumber=2")
            ? new Fault.Refused(400, "InvalidRequest", "planted")
            : Fault.NONE);

    assertFails(() -> store.create(KEY, bytes), "put_part", "planted");

    assertThat(store.size(KEY)).isEmpty();
    assertThat(proxy.requests())
        .anyMatch(r -> r.is("DELETE") && r.target().contains("uploadId="))
        .noneMatch(r -> r.is("POST") && r.target().contains("uploadId="));

    proxy.spoil(FaultyS3.always(Fault.NONE));
    assertThat(store.create(KEY, bytes)).isEqualTo(Created.CREATED);
    assertThat(store.read(KEY)).isEqualTo(bytes);
  }

  @Test
  void anUploadThatComesTooLateIsAborted() {
    byte[] bytes = bytes(LARGE_BYTES);
    store.create(KEY, new byte[] {1});
    proxy.spoil(FaultyS3.always(Fault.NONE));

    assertThat(store.create(KEY, bytes)).isEqualTo(Created.EXISTS);

    assertThat(proxy.requests()).anyMatch(r -> r.is("DELETE") && r.target().contains("uploadId="));
    assertThat(store.read(KEY)).containsExactly(1);
  }

  @Test
  void aBodyThatStopsIsAskedForAgain() throws IOException {
    byte[] bytes = bytes(LARGE_BYTES);
    store.create(KEY, bytes);

    proxy.spoil(FaultyS3.first("GET", new Fault.Truncated(1_000)));
    assertThat(store.read(KEY)).isEqualTo(bytes);
    assertThat(proxy.methods()).containsExactly("GET", "GET");

    proxy.spoil(FaultyS3.first("GET", new Fault.Truncated(1_000)));
    assertThat(store.read(KEY, 5, 100_000)).isEqualTo(Arrays.copyOfRange(bytes, 5, 100_005));

    proxy.spoil(request -> request.number() % 3 == 0 ? new Fault.Truncated(100_000) : Fault.NONE);
    Path target = folder.resolve("target");
    store.download(KEY, target);
    assertThat(Files.readAllBytes(target)).isEqualTo(bytes);
  }

  @Test
  void aDownloadThatFailsLeavesNoFile() {
    store.create(KEY, bytes(LARGE_BYTES));
    Path target = folder.resolve("target");
    proxy.spoil(request -> request.is("GET") ? new Fault.Truncated(100_000) : Fault.NONE);
    try (ObjectStore impatient = store(3, Duration.ofSeconds(5), Duration.ofSeconds(20))) {
      assertFails(() -> impatient.download(KEY, target), "get", "after 3 tries");
    }

    assertThat(target).doesNotExist();
  }

  @Test
  void anAnswerThatDoesNotComeIsNotWaitedFor() {
    Duration tryLimit = Duration.ofMillis(500);
    try (ObjectStore impatient = store(10, tryLimit, Duration.ofSeconds(20))) {
      proxy.spoil(FaultyS3.first("PUT", new Fault.Delayed(Duration.ofSeconds(30))));
      assertThat(impatient.create(KEY, new byte[] {7})).isEqualTo(Created.CREATED);
      assertThat(proxy.methods()).containsExactly("PUT", "PUT", "HEAD");

      proxy.spoil(FaultyS3.first("GET", new Fault.Delayed(Duration.ofSeconds(30))));
      assertThat(impatient.read(KEY)).containsExactly(7);
      assertThat(proxy.methods()).containsExactly("GET", "GET");
    }
  }

  @Test
  void anOutageIsAnErrorAfterAllTries() {
    proxy.spoil(FaultyS3.always(SLOW_DOWN));
    try (ObjectStore impatient = store(4, Duration.ofSeconds(5), Duration.ofSeconds(20))) {
      String get = "get of s3://elanus-test/" + root + "/" + KEY;
      assertFails(() -> impatient.read(KEY), get, "after 4 tries");
    }

    assertThat(proxy.requests()).hasSize(4);
  }

  @Test
  void anOutageIsAnErrorAfterTheTimeOfACall() {
    Duration callLimit = Duration.ofMillis(600);
    try (ObjectStore impatient = store(1_000, Duration.ofMillis(500), callLimit)) {
      proxy.spoil(FaultyS3.always(SLOW_DOWN));

      assertFails(() -> impatient.read(KEY), "please reduce your request rate");
    }
  }

  @Test
  void whatIsDeniedIsNamedAndNotTriedAgain() {
    proxy.spoil(FaultyS3.always(new Fault.Refused(403, "AccessDenied", "Access Denied")));

    String object = "s3://elanus-test/" + root + "/" + KEY;
    assertFails(() -> store.create(KEY, new byte[1]), "s3:PutObject on " + object);
    assertFails(() -> store.read(KEY), "s3:GetObject on " + object);
    assertFails(() -> store.size(KEY), "s3:GetObject on " + object);
    assertFails(() -> store.delete(KEY), "s3:DeleteObject on " + object);
    assertFails(
        () -> store.list("a1/", "", 1), "s3:ListBucket on s3://elanus-test/" + root + "/a1/");
    assertThat(proxy.requests()).hasSize(5);
  }

  @Test
  void aPermissionOfKmsIsNamedAsTheAnswerNamesIt() {
    String message =
        "User: arn:aws:sts::1:assumed-role/r/i is not authorized to perform: kms:GenerateDataKey"
            + " on resource: arn:aws:kms:eu-west-1:1:key/k because no policy allows it";
    proxy.spoil(FaultyS3.always(new Fault.Refused(403, "AccessDenied", message)));

    assertFails(
        () -> store.create(KEY, new byte[1]),
        "kms:GenerateDataKey on arn:aws:kms:eu-west-1:1:key/k");
  }

  @Test
  void creationsSayHowToEncrypt() {
    proxy.spoil(FaultyS3.always(new Fault.Refused(400, "InvalidRequest", "planted")));
    S3Config config = TestBucket.config(proxy.endpoint(), root);
    S3Encryption kms = new S3Encryption.Kms(Optional.of("Key-1"));
    try (ObjectStore some = S3ObjectStore.open(run, config.with(kms), new SimpleMeterRegistry())) {
      assertFails(() -> some.create(KEY, new byte[1]), "planted");
      assertFails(() -> some.create(KEY, bytes(LARGE_BYTES)), "planted");
    }

    assertThat(proxy.methods()).containsExactly("PUT", "POST");
    assertThat(proxy.requests())
        .allMatch(r -> r.head().contains("x-amz-server-side-encryption: aws:kms\r\n"))
        .allMatch(r -> r.head().contains("x-amz-server-side-encryption-aws-kms-key-id: key-1\r\n"))
        .allMatch(r -> r.head().contains("x-amz-server-side-encryption-bucket-key-enabled: true"));
    proxy.spoil(FaultyS3.always(new Fault.Refused(400, "InvalidRequest", "planted")));
    assertFails(() -> store.create(KEY, new byte[1]), "planted");
    assertThat(proxy.requests()).noneMatch(r -> r.head().contains("server-side-encryption"));
  }

  @Test
  void aBucketThatIsMissingIsSaidSo() {
    S3Config config = TestBucket.config(TestBucket.endpoint(), root);
    S3Config wrong =
        new S3Config(
            "no-such-bucket",
            root,
            config.endpoint(),
            config.credentials(),
            config.encryption(),
            config.limits());
    try (ObjectStore nowhere = S3ObjectStore.open(run, wrong, new SimpleMeterRegistry())) {
      assertFails(() -> nowhere.create(KEY, new byte[1]), "bucket does not exist");
      assertFails(() -> nowhere.read(KEY), "bucket does not exist");
    }
  }

  @Test
  void aCanceledCallEndsAtOnceAndSaysSo() {
    proxy.spoil(FaultyS3.always(new Fault.Delayed(Duration.ofSeconds(30))));
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    Task task =
        run.fork("reader", () -> failures.add(Assertions.catchThrowable(() -> store.read(KEY))));
    while (proxy.requests().isEmpty()) {
      run.sleep(Duration.ofMillis(1));
    }

    task.cancel();

    assertThat(task.join(Deadline.after(run, Duration.ofSeconds(5)))).isTrue();
    assertThat(failures).singleElement().isInstanceOf(DbException.class);
    assertThat(((DbException) failures.getFirst()).code()).isEqualTo(ErrorCode.CANCELED);
  }

  @Test
  void objectsSurviveTheDeathOfTheServerAndCallersItsRestart() {
    try (S3Server mortal = S3Server.start(folder.resolve("mortal"))) {
      mortal.createBucket(TestBucket.NAME);
      ObjectStore other = TestBucket.open(run, mortal.endpoint(), root);
      other.create(KEY, new byte[] {1});
      mortal.kill();
      Task reader = run.fork("reader", () -> assertThat(other.read(KEY)).containsExactly(1));

      mortal.restart();

      Together.finish(run, reader);
      other.close();
    }
  }

  private ObjectStore store(int tries, Duration tryLimit, Duration callLimit) {
    S3Limits limits = new S3Limits(5L << 20, 4, 32, tries, tryLimit, callLimit);
    return S3ObjectStore.open(
        run, TestBucket.config(proxy.endpoint(), root).with(limits), new SimpleMeterRegistry());
  }

  private static void assertFails(ThrowingCallable action, String... says) {
    DbException failure = Assertions.catchThrowableOfType(DbException.class, action);
    assertThat(failure).isNotNull();
    assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_IO_FAILED);
    assertThat(failure.text()).contains(says);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
