package io.elanus.adapters.s3;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLimits;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Run;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/// The bucket on S3, or on a server that speaks its protocol and honours `If-None-Match` on creates.
///
/// Large files travel in parts, side by side. One instance per process: limits and retries are shared by all
/// that use it. Whether the bucket does what we need is found out by [S3SelfTest], not here.
public final class S3ObjectStore implements ObjectStore {
  private final S3Client s3;
  private final S3Requests requests;
  private final S3Calls calls;
  private final S3Upload upload;
  private final S3Download download;
  private final Closer closer = new Closer();

  private S3ObjectStore(Run run, S3Config config, MeterRegistry meters) {
    this.s3 = closer.add(S3Connection.open(config));
    this.requests = new S3Requests(config);
    this.calls = new S3Calls(run, config.limits(), new S3Metrics(meters));
    this.upload = new S3Upload(run, s3, requests, calls, config.limits());
    this.download = new S3Download(run, s3, requests, calls, config.limits());
  }

  /// Asks the bucket nothing yet.
  ///
  /// @throws IllegalArgumentException when no region is configured and none is found
  public static S3ObjectStore open(Run run, S3Config config, MeterRegistry meters) {
    return new S3ObjectStore(run, config, meters);
  }

  @Override
  public Created create(ObjectKey key, byte[] bytes) {
    return upload.create(key, new S3Content.Bytes(bytes));
  }

  @Override
  public Created create(ObjectKey key, Path file) {
    try {
      return upload.create(key, new S3Content.File(file, Files.size(file)));
    } catch (IOException e) {
      throw failed("read of " + file, e);
    }
  }

  /// As [#create], in parts although `bytes` may be few.
  Created createInParts(ObjectKey key, byte[] bytes) {
    return upload.createInParts(key, new S3Content.Bytes(bytes));
  }

  void startAndAbortUpload(ObjectKey key) {
    upload.startAndAbort(key);
  }

  @Override
  public byte[] read(ObjectKey key) {
    return download.whole(key);
  }

  @Override
  public byte[] read(ObjectKey key, long offset, int length) {
    if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
      ObjectLimits.checkRange(key, requireSize(key), offset, length);
      return new byte[0];
    }
    return download
        .range(key, new ByteRange(offset, length))
        .orElseThrow(() -> beyondTheEnd(key, offset, length));
  }

  private DbException beyondTheEnd(ObjectKey key, long offset, int length) {
    ObjectLimits.checkRange(key, requireSize(key), offset, length);
    return ErrorCode.STORAGE_IO_FAILED.because(
        "the bucket says that object %s ends before byte %d, and that it does not",
        key, offset + length);
  }

  @Override
  public void download(ObjectKey key, Path target) {
    long size = requireSize(key);
    try (FileChannel file =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      downloadOrRemove(file, key, size, target);
    } catch (IOException e) {
      throw failed("download of object %s to %s".formatted(key, target), e);
    }
  }

  private void downloadOrRemove(FileChannel file, ObjectKey key, long size, Path target)
      throws IOException {
    boolean done = false;
    try {
      download.to(file, key, size);
      done = true;
    } finally {
      if (!done) {
        Files.deleteIfExists(target);
      }
    }
  }

  private long requireSize(ObjectKey key) {
    return size(key).orElseThrow(() -> ObjectLimits.notFound(key));
  }

  @Override
  public Optional<Long> size(ObjectKey key) {
    return calls.call(
        S3Action.SIZE,
        requests.resource(key),
        _ -> Optional.of(s3.headObject(requests.head(key)).contentLength()),
        (failure, _, exception) -> {
          if (failure == S3Failure.MISSING) {
            return Optional.empty();
          }
          throw exception;
        });
  }

  @Override
  public List<ObjectKey> list(String prefix, String after, int limit) {
    ObjectLimits.checkLimit(limit);
    List<ObjectKey> keys = new ArrayList<>();
    Optional<ListObjectsV2Response> former = Optional.empty();
    while (keys.size() < limit && former.map(ListObjectsV2Response::isTruncated).orElse(true)) {
      ListObjectsV2Request request = requests.list(prefix, after, limit - keys.size());
      ListObjectsV2Response page = page(prefix, following(request, former));
      page.contents().forEach(object -> requests.ours(object.key()).ifPresent(keys::add));
      former = Optional.of(page);
    }
    return keys;
  }

  private static ListObjectsV2Request following(
      ListObjectsV2Request first, Optional<ListObjectsV2Response> former) {
    return former
        .map(page -> first.toBuilder().continuationToken(page.nextContinuationToken()).build())
        .orElse(first);
  }

  private ListObjectsV2Response page(String prefix, ListObjectsV2Request request) {
    return calls.call(S3Action.LIST, requests.resource(prefix), _ -> s3.listObjectsV2(request));
  }

  @Override
  public void delete(ObjectKey key) {
    calls.call(
        S3Action.DELETE,
        requests.resource(key),
        _ -> {
          s3.deleteObject(requests.delete(key));
          return true;
        },
        (failure, _, exception) -> {
          if (failure == S3Failure.MISSING) {
            return true;
          }
          throw exception;
        });
  }

  private static DbException failed(String what, IOException cause) {
    return new DbException(
        ErrorCode.STORAGE_IO_FAILED, "%s failed: %s".formatted(what, cause), cause);
  }

  @Override
  public void close() {
    calls.close();
    closer.close();
  }
}
