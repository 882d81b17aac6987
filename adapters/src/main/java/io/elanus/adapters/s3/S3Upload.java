package io.elanus.adapters.s3;

import io.elanus.common.error.DbException;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore.Created;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// Creates objects: small ones by one request, large ones in parts that travel side by side. Either way the last
/// request makes the whole object appear, unless there is one of that key.
///
/// A create whose answer was lost finds its own object when it tries again. It tells it from another's by the
/// name of its creator, which is drawn for each create and stored with the object; so `CREATED` and `EXISTS` mean
/// what they say, however often a request was tried.
final class S3Upload {
  private static final Logger log = LoggerFactory.getLogger(S3Upload.class);

  /// Most parts of one upload.
  private static final long MAX_PARTS = 10_000;

  private final Run run;
  private final S3Client s3;
  private final S3Requests requests;
  private final S3Calls calls;
  private final S3Limits limits;
  private final FanOut fanOut;

  S3Upload(Run run, S3Client s3, S3Requests requests, S3Calls calls, S3Limits limits) {
    this.run = run;
    this.s3 = s3;
    this.requests = requests;
    this.calls = calls;
    this.limits = limits;
    this.fanOut = new FanOut(run).atMost(limits.transfers());
  }

  Created create(ObjectKey key, S3Content content) {
    return content.sizeBytes() > 2 * limits.partBytes()
        ? createInParts(key, content)
        : createAtOnce(key, content);
  }

  private static String draw(RandomGenerator random) {
    return "%016x%016x".formatted(random.nextLong(), random.nextLong());
  }

  private Created createAtOnce(ObjectKey key, S3Content content) {
    String creator = draw(run.random());
    return calls.call(
        S3Action.PUT,
        requests.resource(key),
        _ -> {
          s3.putObject(requests.put(key, creator), content.body(0, content.sizeBytes()));
          return Created.CREATED;
        },
        (failure, tries, exception) -> {
          if (failure == S3Failure.EXISTS) {
            return tries == 1 ? Created.EXISTS : byWhom(key, creator, exception);
          }
          throw exception;
        });
  }

  /// @param content not empty
  Created createInParts(ObjectKey key, S3Content content) {
    String creator = draw(run.random());
    String upload = start(key, creator);
    boolean finished = false;
    try {
      Created created = finish(key, upload, putParts(key, upload, content), creator);
      finished = created == Created.CREATED;
      return created;
    } finally {
      if (!finished) {
        abortOrLog(key, upload);
      }
    }
  }

  private String start(ObjectKey key, String creator) {
    return calls.call(
        S3Action.START_UPLOAD,
        requests.resource(key),
        _ -> s3.createMultipartUpload(requests.startUpload(key, creator)).uploadId());
  }

  private List<CompletedPart> putParts(ObjectKey key, String upload, S3Content content) {
    long partBytes = Math.max(limits.partBytes(), -Math.floorDiv(-content.sizeBytes(), MAX_PARTS));
    List<NumberedRange> parts = new ArrayList<>();
    for (ByteRange range : ByteRange.cut(content.sizeBytes(), partBytes)) {
      parts.add(new NumberedRange(parts.size() + 1, range));
    }
    return fanOut.all(parts, Deadline.NEVER, part -> putPart(key, upload, content, part));
  }

  private CompletedPart putPart(
      ObjectKey key, String upload, S3Content content, NumberedRange part) {
    String etag =
        calls.transfer(
            S3Action.PUT_PART,
            requests.resource(key),
            _ ->
                s3.uploadPart(
                        requests.putPart(key, upload, part.number),
                        content.body(part.range.start(), part.range.length()))
                    .eTag());
    return CompletedPart.builder().partNumber(part.number).eTag(etag).build();
  }

  /// An upload that is not there any more may have become the object, by an earlier try.
  private Created finish(ObjectKey key, String upload, List<CompletedPart> parts, String creator) {
    return calls.call(
        S3Action.FINISH_UPLOAD,
        requests.resource(key),
        _ -> {
          s3.completeMultipartUpload(requests.finishUpload(key, upload, parts));
          return Created.CREATED;
        },
        (failure, tries, exception) ->
            switch (failure) {
              case EXISTS -> tries == 1 ? Created.EXISTS : byWhom(key, creator, exception);
              case MISSING -> byWhom(key, creator, exception);
              case OUT_OF_RANGE, DENIED, CANCELED, PASSING, LASTING -> throw exception;
            });
  }

  /// Who created the object that is there now.
  ///
  /// @param otherwise thrown when there is none
  private Created byWhom(ObjectKey key, String creator, DbException otherwise) {
    HeadObjectResponse object =
        calls.call(
            S3Action.SIZE,
            requests.resource(key),
            _ -> s3.headObject(requests.head(key)),
            (failure, _, exception) -> {
              throw failure == S3Failure.MISSING ? otherwise : exception;
            });
    return S3Requests.isBy(creator, object) ? Created.CREATED : Created.EXISTS;
  }

  /// What is not aborted takes room in the bucket until its lifecycle rule removes it.
  private void abortOrLog(ObjectKey key, String upload) {
    try {
      abort(key, upload);
    } catch (DbException e) {
      log.warn("an unfinished upload stays in the bucket key={} upload={}", key, upload, e);
    }
  }

  private void abort(ObjectKey key, String upload) {
    calls.call(
        S3Action.ABORT_UPLOAD,
        requests.resource(key),
        _ -> {
          s3.abortMultipartUpload(requests.abortUpload(key, upload));
          return true;
        },
        (failure, _, exception) -> {
          if (failure == S3Failure.MISSING) {
            return true;
          }
          throw exception;
        });
  }

  /// Starts an upload and aborts it, to see whether that is possible.
  void startAndAbort(ObjectKey key) {
    abort(key, start(key, draw(run.random())));
  }

  private record NumberedRange(int number, ByteRange range) {}
}
