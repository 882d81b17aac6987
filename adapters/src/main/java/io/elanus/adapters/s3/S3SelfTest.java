package io.elanus.adapters.s3;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore.Created;
import io.elanus.common.run.Run;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.exception.SdkException;

/// Does once with a small object what we shall do with large ones, and finds out what is not permitted and what
/// the bucket does not do. Run when a process starts: better no start than a cluster that loses a race for a
/// manifest because its bucket lets two creators win.
///
/// ```
/// permission                                found out by
/// s3:PutObject, kms:GenerateDataKey         create
/// s3:GetObject, kms:Decrypt                 read, ranged read
/// s3:ListBucket                             list; without it a missing object is "denied", not "missing"
/// s3:AbortMultipartUpload                   abort of an upload in parts
/// s3:DeleteObject                           delete
/// ```
public final class S3SelfTest {
  private static final byte[] FIRST = "the first".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SECOND = "the second".getBytes(StandardCharsets.UTF_8);

  private final S3ObjectStore store;
  private final ObjectKey probe;
  private final List<String> problems = new ArrayList<>();

  private S3SelfTest(S3ObjectStore store, ObjectKey probe) {
    this.store = store;
    this.probe = probe;
  }

  /// @throws DbException `PRIVILEGE_NOT_PERMITTED` naming all permissions that are missing; `UNSUPPORTED` when the
  ///     bucket does not do what it must; `STORAGE_IO_FAILED` when that cannot be found out now
  public static void run(Run run, S3ObjectStore store) {
    new S3SelfTest(store, ObjectLayout.probe(run.random().nextLong())).run();
  }

  private void run() {
    check(this::createOnce);
    check(this::readBack);
    check(this::list);
    check(() -> store.startAndAbortUpload(probe));
    check(this::createInPartsOnce);
    check(this::delete);
    if (!problems.isEmpty()) {
      throw ErrorCode.PRIVILEGE_NOT_PERMITTED.because(
          "the bucket cannot be used: %s",
          IntStream.range(0, problems.size())
              .mapToObj(i -> "%d. %s".formatted(i + 1, problems.get(i)))
              .collect(Collectors.joining("; ")));
    }
  }

  /// Goes on after a denial, because the next one should be known too.
  private void check(Runnable step) {
    try {
      step.run();
    } catch (DbException e) {
      if (!isDenial(e)) {
        throw e;
      }
      problems.add(e.text());
    }
  }

  private static boolean isDenial(DbException failure) {
    return failure.getCause() instanceof SdkException answer
        && S3Failure.of(answer) == S3Failure.DENIED;
  }

  private void createOnce() {
    expect(store.create(probe, FIRST) == Created.CREATED, "a new key was there already");
    expect(
        store.create(probe, SECOND) == Created.EXISTS,
        "it ignores If-None-Match: an object was created twice");
  }

  private void readBack() {
    if (store.size(probe).isEmpty()) {
      expect(!problems.isEmpty(), "an object is missing right after its creation");
      return;
    }
    expect(Arrays.equals(store.read(probe), FIRST), "an object has other bytes than it was given");
    expect(
        Arrays.equals(store.read(probe, 4, 3), Arrays.copyOfRange(FIRST, 4, 7)),
        "a range has other bytes than the object");
  }

  private void list() {
    expect(
        store.list(probe.value(), "", 2).equals(List.of(probe)) || !problems.isEmpty(),
        "a list lacks an object right after its creation");
  }

  private void createInPartsOnce() {
    if (problems.isEmpty()) {
      expect(
          store.createInParts(probe, SECOND) == Created.EXISTS,
          "it ignores If-None-Match for uploads in parts: an object was created twice");
    }
  }

  private void delete() {
    store.delete(probe);
    expect(store.size(probe).isEmpty(), "an object is there after it was deleted");
  }

  private static void expect(boolean holds, String otherwise) {
    if (!holds) {
      throw ErrorCode.UNSUPPORTED.because("the bucket cannot be used: %s", otherwise);
    }
  }
}
