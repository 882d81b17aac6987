package io.elanus.common.error;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every error a client can meet, by the number Milvus gives it (its `pkg/util/merr`). Numbers from
/// 10100 to 10199 are our own, for outcomes Milvus does not name.
public enum ErrorCode {
  SERVICE_NOT_READY(1, ErrorKind.NOT_READY, true, "service not ready"),
  SERVICE_UNAVAILABLE(2, ErrorKind.NOT_READY, true, "service unavailable"),
  MEMORY_LIMIT_EXCEEDED(3, ErrorKind.OVERLOADED, false, "memory limit exceeded"),
  TOO_MANY_REQUESTS(4, ErrorKind.OVERLOADED, true, "too many concurrent requests, queue is full"),
  INTERNAL(5, ErrorKind.BUG, false, "service internal error"),
  DISK_LIMIT_EXCEEDED(7, ErrorKind.OVERLOADED, false, "disk limit exceeded"),
  RATE_LIMIT(8, ErrorKind.OVERLOADED, true, "rate limit exceeded"),
  QUOTA_EXCEEDED(9, ErrorKind.OVERLOADED, false, "quota exceeded"),
  UNIMPLEMENTED(10, ErrorKind.BAD_REQUEST, false, "service unimplemented"),
  RESOURCE_INSUFFICIENT(12, ErrorKind.OVERLOADED, true, "service resource insufficient"),
  COLLECTION_NOT_FOUND(100, ErrorKind.BAD_REQUEST, false, "collection not found"),
  COLLECTION_NOT_LOADED(101, ErrorKind.BAD_REQUEST, false, "collection not loaded"),
  COLLECTION_LIMIT_EXCEEDED(
      102, ErrorKind.OVERLOADED, false, "exceeded the limit number of collections"),
  COLLECTION_NOT_FULLY_LOADED(103, ErrorKind.NOT_READY, true, "collection not fully loaded"),
  COLLECTION_LOADED(104, ErrorKind.BAD_REQUEST, false, "collection already loaded"),
  COLLECTION_ILLEGAL_SCHEMA(105, ErrorKind.BAD_REQUEST, false, "illegal collection schema"),
  COLLECTION_ON_RECOVERING(106, ErrorKind.NOT_READY, true, "collection on recovering"),
  SCHEMA_MISMATCH(109, ErrorKind.BAD_REQUEST, false, "schema mismatch"),
  PARTITION_NOT_FOUND(200, ErrorKind.BAD_REQUEST, false, "partition not found"),
  PARTITION_NOT_LOADED(201, ErrorKind.BAD_REQUEST, false, "partition not loaded"),
  PARTITION_NOT_FULLY_LOADED(202, ErrorKind.NOT_READY, true, "partition not fully loaded"),
  CAPACITY_EXCEEDED(250, ErrorKind.OVERLOADED, false, "general capacity exceeded"),
  RESOURCE_GROUP_NOT_FOUND(300, ErrorKind.BAD_REQUEST, false, "resource group not found"),
  RESOURCE_GROUP_EXISTS(
      301,
      ErrorKind.BAD_REQUEST,
      false,
      "resource group already exist, but create with different config"),
  RESOURCE_GROUP_LIMIT_EXCEEDED(302, ErrorKind.OVERLOADED, false, "resource group num reach limit"),
  RESOURCE_GROUP_ILLEGAL_CONFIG(303, ErrorKind.BAD_REQUEST, false, "resource group illegal config"),
  RESOURCE_GROUP_NODES_MISSING(304, ErrorKind.OVERLOADED, false, "resource group node not enough"),
  REPLICA_NOT_FOUND(400, ErrorKind.BAD_REQUEST, false, "replica not found"),
  REPLICA_NOT_AVAILABLE(401, ErrorKind.NOT_READY, true, "replica not available"),
  CHANNEL_NOT_AVAILABLE(503, ErrorKind.NOT_READY, true, "channel not available"),
  SEGMENT_NOT_FOUND(600, ErrorKind.BAD_REQUEST, false, "segment not found"),
  SEGMENT_NOT_LOADED(601, ErrorKind.NOT_READY, true, "segment not loaded"),
  INDEX_NOT_FOUND(700, ErrorKind.BAD_REQUEST, false, "index not found"),
  INDEX_NOT_SUPPORTED(701, ErrorKind.BAD_REQUEST, false, "index type not supported"),
  INDEX_DUPLICATE(702, ErrorKind.BAD_REQUEST, false, "index duplicates"),
  DATABASE_NOT_FOUND(800, ErrorKind.BAD_REQUEST, false, "database not found"),
  DATABASE_LIMIT_EXCEEDED(
      801, ErrorKind.OVERLOADED, false, "exceeded the limit number of database"),
  DATABASE_INVALID_NAME(802, ErrorKind.BAD_REQUEST, false, "invalid database name"),
  NODE_NOT_FOUND(901, ErrorKind.NOT_READY, true, "node not found"),
  NODE_NOT_MATCH(904, ErrorKind.LOST_RACE, true, "node not match"),
  STORAGE_KEY_NOT_FOUND(1000, ErrorKind.CORRUPT, false, "key not found"),
  STORAGE_IO_FAILED(1001, ErrorKind.NOT_READY, true, "IO failed"),
  INVALID_PARAMETER(1100, ErrorKind.BAD_REQUEST, false, "invalid parameter"),
  MISSING_PARAMETER(1101, ErrorKind.BAD_REQUEST, false, "missing parameter"),
  PARAMETER_TOO_LARGE(1102, ErrorKind.BAD_REQUEST, false, "parameter too large"),
  METRIC_NOT_FOUND(1200, ErrorKind.BAD_REQUEST, false, "metric not found"),
  LOG_FAILED(1300, ErrorKind.NOT_READY, true, "message queue internal error"),
  NOT_AUTHENTICATED(1400, ErrorKind.DENIED, false, "not authenticated"),
  PRIVILEGE_NOT_PERMITTED(1401, ErrorKind.DENIED, false, "privilege not permitted"),
  ALIAS_NOT_FOUND(1600, ErrorKind.BAD_REQUEST, false, "alias not found"),
  ALIAS_NAME_CONFLICT(1601, ErrorKind.BAD_REQUEST, false, "alias and collection name conflict"),
  ALIAS_EXISTS(1602, ErrorKind.BAD_REQUEST, false, "alias already exist"),
  FIELD_NOT_FOUND(1700, ErrorKind.BAD_REQUEST, false, "field not found"),
  FIELD_INVALID_NAME(1701, ErrorKind.BAD_REQUEST, false, "field name invalid"),
  QUERY_PLAN_FAILED(2201, ErrorKind.BAD_REQUEST, false, "query plan failed"),
  UNSUPPORTED(3000, ErrorKind.BAD_REQUEST, false, "unsupported operation"),
  CANCELED(10000, ErrorKind.CANCELED, false, "canceled"),
  TIMEOUT(10001, ErrorKind.CANCELED, false, "timeout"),
  OUTCOME_UNKNOWN(10100, ErrorKind.UNKNOWN_OUTCOME, false, "outcome unknown"),
  LEADERSHIP_LOST(10101, ErrorKind.LOST_RACE, true, "leadership lost"),
  CORRUPT(10102, ErrorKind.CORRUPT, false, "stored bytes are corrupt"),
  UNEXPECTED(65535, ErrorKind.BUG, false, "unexpected error");

  private static final Map<Integer, ErrorCode> BY_NUMBER =
      Stream.of(values())
          .collect(Collectors.toUnmodifiableMap(ErrorCode::number, Function.identity()));

  private final int number;
  private final ErrorKind kind;
  private final boolean retriable;
  private final String text;

  ErrorCode(int number, ErrorKind kind, boolean retriable, String text) {
    this.number = number;
    this.kind = kind;
    this.retriable = retriable;
    this.text = text;
  }

  /// The number on the wire (`Status.code`).
  public int number() {
    return number;
  }

  public ErrorKind kind() {
    return kind;
  }

  /// Whether the same request may succeed later without a change.
  public boolean retriable() {
    return retriable;
  }

  /// The sentence Milvus ends messages of this code with.
  public String text() {
    return text;
  }

  public static Optional<ErrorCode> ofNumber(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }

  /// An exception whose message is `text` followed by Milvus's `[field=value]` groups.
  /// `fields` are alternating names and values.
  public DbException with(Object... fields) {
    StringBuilder message = new StringBuilder(text);
    for (int i = 0; i + 1 < fields.length; i += 2) {
      message.append('[').append(fields[i]).append('=').append(fields[i + 1]).append(']');
    }
    return new DbException(this, message.toString());
  }

  /// An exception whose message is the formatted `format`.
  public DbException because(String format, Object... args) {
    return new DbException(this, format.formatted(args));
  }
}
