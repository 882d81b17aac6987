package io.elanus.common.meta;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What every implementation of [MetaStore] refuses, in the same words.
public final class MetaLimits {
  private static final int MAX_REQUEST_ID_LENGTH = 64;

  private MetaLimits() {}

  public static void checkCommit(
      String requestId, List<Condition> conditions, List<Change> changes) {
    checkRequestId(requestId);
    int entries = conditions.size() + changes.size();
    if (entries > MetaStore.MAX_COMMIT_ENTRIES) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because(
          "a commit of %d conditions and changes exceeds the limit of %d",
          entries, MetaStore.MAX_COMMIT_ENTRIES);
    }
    checkKeys(conditions, changes);
    checkBytes(conditions, changes);
  }

  private static void checkRequestId(String requestId) {
    boolean ascii = requestId.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (requestId.isEmpty() || requestId.length() > MAX_REQUEST_ID_LENGTH || !ascii) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "a request id has 1 to %d visible ASCII characters, not '%s'",
          MAX_REQUEST_ID_LENGTH, requestId);
    }
  }

  private static void checkKeys(List<Condition> conditions, List<Change> changes) {
    conditions.forEach(condition -> checkKey(condition.key()));
    Set<String> changed = new HashSet<>();
    for (Change change : changes) {
      checkKey(change.key());
      if (!changed.add(change.key())) {
        throw ErrorCode.INVALID_PARAMETER.because("a commit changes '%s' twice", change.key());
      }
    }
  }

  public static void checkKey(String key) {
    if (key.isEmpty()) {
      throw ErrorCode.INVALID_PARAMETER.because("a metastore key is empty");
    }
    checkPrefix(key);
  }

  public static void checkPrefix(String prefix) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(prefix)) {
      throw ErrorCode.INVALID_PARAMETER.because("a metastore key is not well-formed Unicode");
    }
    int bytes = utf8Length(prefix);
    if (bytes > MetaStore.MAX_KEY_BYTES) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because(
          "a metastore key of %d bytes exceeds the limit of %d", bytes, MetaStore.MAX_KEY_BYTES);
    }
  }

  private static void checkBytes(List<Condition> conditions, List<Change> changes) {
    long bytes = 0;
    for (Condition condition : conditions) {
      bytes += utf8Length(condition.key());
    }
    for (Change change : changes) {
      bytes += utf8Length(change.key()) + valueLength(change);
    }
    if (bytes > MetaStore.MAX_COMMIT_BYTES) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because(
          "a commit of %d bytes exceeds the limit of %d", bytes, MetaStore.MAX_COMMIT_BYTES);
    }
  }

  private static int utf8Length(String key) {
    return key.getBytes(StandardCharsets.UTF_8).length;
  }

  private static int valueLength(Change change) {
    return switch (change) {
      case Change.Put put -> put.value().length;
      case Change.PutLeased put -> put.value().length;
      case Change.Remove _ -> 0;
    };
  }

  public static void checkTtl(Duration ttl) {
    if (!ttl.isPositive()) {
      throw ErrorCode.INVALID_PARAMETER.because("a lease lives for a positive time, not %s", ttl);
    }
  }

  public static DbException closed() {
    return ErrorCode.STORAGE_IO_FAILED.because("the metastore is closed");
  }

  public static DbException foreignLease(String key) {
    return ErrorCode.INVALID_PARAMETER.because("the lease of '%s' is of another metastore", key);
  }

  /// A watcher that asks for revisions after `after` cannot have them.
  public static DbException compacted(String prefix, long after, long oldest, long newest) {
    return ErrorCode.STORAGE_IO_FAILED.because(
        "changes of '%s' after revision %d are not there: history reaches from %d to %d; "
            + "read the range again",
        prefix, after, oldest, newest);
  }
}
