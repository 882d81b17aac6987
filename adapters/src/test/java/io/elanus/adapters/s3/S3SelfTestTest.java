package io.elanus.adapters.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.adapters.s3.FaultyS3.Fault;
import io.elanus.adapters.s3.FaultyS3.Request;
import io.elanus.common.error.DbException;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class S3SelfTestTest {
  private static final Fault DENIED = new Fault.Refused(403, "AccessDenied", "Access Denied");

  private final Run run = new SystemRun();
  private final String root = TestBucket.newRoot();
  private FaultyS3 proxy;
  private S3ObjectStore store;

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
  void aGoodBucketPassesAndIsLeftAsItWas() {
    S3SelfTest.run(run, store);

    assertThat(store.list("", "", 10)).isEmpty();
  }

  @Test
  void eachMissingPermissionIsNamed() {
    deny(request -> request.is("PUT"));
    assertRefused("s3:PutObject");

    deny(request -> request.is("GET") && !request.target().contains("list-type"));
    assertRefused("s3:GetObject");

    deny(request -> request.target().contains("list-type"));
    assertRefused("s3:ListBucket");

    deny(request -> request.is("DELETE") && request.target().contains("uploadId"));
    assertRefused("s3:AbortMultipartUpload");

    deny(S3SelfTestTest::isDelete);
    assertRefused("s3:DeleteObject");
  }

  @Test
  void severalMissingPermissionsAreNamedTogether() {
    deny(request -> isDelete(request) || request.target().contains("list-type"));

    assertRefused("1. permission s3:ListBucket");
    assertRefused("2. permission s3:DeleteObject");
  }

  @Test
  void wrongKeysAreSaidToBeWrong() {
    S3Config wrong =
        TestBucket.config(proxy.endpoint(), root).with(S3Credentials.of("nobody", "knows"));
    try (S3ObjectStore stranger = S3ObjectStore.open(run, wrong, new SimpleMeterRegistry())) {
      assertThatThrownBy(() -> S3SelfTest.run(run, stranger))
          .isInstanceOf(DbException.class)
          .hasMessageContaining("1. the credentials are not valid for s3://elanus-test/" + root);
    }
  }

  @Test
  void aBucketThatIgnoresTheConditionOfACreateIsRefused() {
    boolean[] created = {false};
    proxy.spoil(request -> {
      boolean second = request.is("PUT") && created[0];
      created[0] |= request.is("PUT");
      return second ? new Fault.Pretended("ETag: \"e\"\r\n", "") : Fault.NONE;
    });

    assertThatThrownBy(() -> S3SelfTest.run(run, store))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("ignores If-None-Match");
  }

  @Test
  void aBucketThatIgnoresItForUploadsInPartsIsRefused() {
    String done = "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>";
    proxy.spoil(request ->
        request.is("POST") && request.target().contains("uploadId")
            ? new Fault.Pretended("", done)
            : Fault.NONE);

    assertThatThrownBy(() -> S3SelfTest.run(run, store))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("ignores If-None-Match for uploads in parts");
  }

  @Test
  void aBucketThatIgnoresRangesIsRefused() {
    proxy.spoil(request ->
        request.is("GET") && !request.target().contains("list-type")
            ? new Fault.Pretended("ETag: \"e\"\r\n", "the first")
            : Fault.NONE);

    assertThatThrownBy(() -> S3SelfTest.run(run, store))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("does not serve ranges");
  }

  private static boolean isDelete(Request request) {
    return request.is("DELETE") && !request.target().contains("uploadId");
  }

  private void deny(Predicate<Request> requests) {
    proxy.spoil(request -> requests.test(request) ? DENIED : Fault.NONE);
  }

  private void assertRefused(String says) {
    assertThatThrownBy(() -> S3SelfTest.run(run, store))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("the bucket cannot be used")
        .hasMessageContaining(says);
  }
}
