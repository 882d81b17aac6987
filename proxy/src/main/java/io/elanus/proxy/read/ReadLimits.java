package io.elanus.proxy.read;

import com.google.protobuf.MessageLite;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.proxy.Invalid;
import java.util.List;

/// How much one read may ask for.
final class ReadLimits {
  /// Hits per query, offset included; queries per search; rows of a query with limit.
  static final int MAX = 16_384;

  /// Bytes of one answer.
  static final long MAX_BYTES = 100L << 20;

  private ReadLimits() {}

  static void checkBytes(List<? extends MessageLite> answers) {
    long bytes = answers.stream().mapToLong(MessageLite::getSerializedSize).sum();
    if (bytes > MAX_BYTES) {
      throw Invalid.of(
          ErrorCode.PARAMETER_TOO_LARGE,
          "query results exceed the maxOutputSize Limit %d, they have %d bytes"
              .formatted(MAX_BYTES, bytes));
    }
  }

  static void checkTopk(long topk) {
    if (topk < 1 || topk > MAX) {
      throw Invalid.parameter("topk [%d] is invalid, %s", topk, range(topk));
    }
  }

  static void checkOffset(long offset, long topk) {
    if (offset < 0 || offset > MAX) {
      throw Invalid.parameter("offset [%d] is invalid, %s", offset, range(offset));
    }
    if (offset + topk > MAX) {
      throw Invalid.parameter(
          "offset+topk [%d] is invalid, %s", offset + topk, range(offset + topk));
    }
  }

  /// Of a page of an iterator, which does not end between rows that are equally near.
  static void checkTies(int rows) {
    if (rows > MAX) {
      throw Invalid.of(
          ErrorCode.PARAMETER_TOO_LARGE,
          "more than %d rows are equally near: an iterator cannot go on between them"
              .formatted(MAX));
    }
  }

  static void checkQueryCount(long count) {
    if (count < 1 || count > MAX) {
      throw Invalid.parameter(
          "nq [%d] is invalid, nq (number of search vector per search request)"
              + " should be in range [1, %d], but got %d",
          count, MAX, count);
    }
  }

  static void checkWindow(long offset, long limit) {
    if (offset < 0) {
      throw invalidWindow("offset [%d] is invalid, should be gte than 0", offset);
    }
    if (limit <= 0) {
      throw invalidWindow("limit [%d] is invalid, should be greater than 0", limit);
    }
    if (limit > MAX || offset > MAX || offset + limit > MAX) {
      throw invalidWindow(
          "(offset+limit) should be in range [1, %d], but got %s",
          MAX, Long.toUnsignedString(offset + limit));
    }
  }

  private static DbException invalidWindow(String reason, Object... args) {
    return Invalid.parameter("invalid max query result window, %s", reason.formatted(args));
  }

  private static String range(long value) {
    return "it should be in range [1, %d], but got %d".formatted(MAX, value);
  }
}
