package io.elanus.proxy.schema;

import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.value.ZonedTimes;
import io.elanus.rpc.codec.SchemaCodec;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Properties of collections, databases and indexes: what is known of their values is checked, others are kept as
/// they are. A request sets some or removes some, never both.
public final class Properties {
  public static final String MMAP = "mmap.enabled";
  public static final String ALLOW_INSERT_AUTO_ID = "allow_insert_auto_id";
  public static final String DYNAMIC_FIELD = "dynamicfield.enabled";

  /// Searches of one partition key see its rows only. Ours do in any case: the filter says so.
  private static final String ISOLATION = "partitionkey.isolation";

  private static final String TTL_SECONDS = "collection.ttl.seconds";
  private static final String REPLICA_NUMBER = "collection.replica.number";

  /// A hundred years.
  private static final long MAX_TTL_SECONDS = 3_155_760_000L;

  /// Of a collection. They would change what it does: one that is not served must not be taken silently.
  private static final Set<String> NOT_SERVED =
      Set.of(
          "query_mode",
          "replicate.id",
          "collection.insertRate.max.mb",
          "collection.insertRate.min.mb",
          "collection.upsertRate.max.mb",
          "collection.upsertRate.min.mb",
          "collection.deleteRate.max.mb",
          "collection.deleteRate.min.mb",
          "collection.queryRate.max.qps",
          "collection.queryRate.min.qps",
          "collection.searchRate.max.vps",
          "collection.searchRate.min.vps",
          "collection.diskProtection.diskQuota.mb");

  private static final Set<String> BOOLEANS =
      Set.of(
          MMAP,
          ALLOW_INSERT_AUTO_ID,
          ISOLATION,
          "collection.autocompaction.enabled",
          "indexoffsetcache.enabled");

  /// As Go's `strconv.ParseBool` takes them.
  private static final Set<String> BOOLEAN_VALUES =
      Set.of("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False");

  private static final Set<String> TRUE_VALUES = Set.of("1", "t", "T", "TRUE", "true", "True");

  private static final Set<String> WARMUP_POLICIES = Set.of("disable", "sync", "async");

  private Properties() {}

  /// The properties that are set.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` when some are removed, too
  public static Map<String, String> decode(List<KeyValuePair> set, List<String> removed) {
    if (!set.isEmpty() && !removed.isEmpty()) {
      throw Invalid.parameter("cannot provide both DeleteKeys and ExtraParams");
    }
    return SchemaCodec.decodePairs(set);
  }

  /// Of a collection.
  ///
  /// @param hasKey whether a partition key chooses the partitions of its rows
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  public static void checkCollection(Map<String, String> properties, boolean hasKey) {
    properties.keySet().stream()
        .filter(NOT_SERVED::contains)
        .sorted()
        .findFirst()
        .ifPresent(key -> {
          throw Invalid.notServed("collection property " + key);
        });
    properties.forEach(Properties::check);
    if (!hasKey && isTrue(properties, ISOLATION)) {
      throw Invalid.parameter(
          "partition key isolation mode is enabled but current Collection doesn't support"
              + " partition key");
    }
  }

  /// One property of anything.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  public static void check(String key, String value) {
    if (BOOLEANS.contains(key) && !BOOLEAN_VALUES.contains(value)) {
      throw Invalid.parameter("invalid %s value: %s, expected: true, false", key, value);
    }
    if (key.equals(TTL_SECONDS)) {
      checkTtl(value);
    }
    if (key.equals(REPLICA_NUMBER) && number(key, value) < 0) {
      throw Invalid.parameter("%s should not be negative: %s", key, value);
    }
    if (key.equals(ZonedTimes.TIMEZONE)) {
      ZonedTimes.zone(value);
    }
    if (key.equals("warmup") || key.startsWith("warmup.")) {
      checkWarmup(key, value);
    }
  }

  public static boolean isTrue(Map<String, String> properties, String key) {
    return TRUE_VALUES.contains(properties.getOrDefault(key, ""));
  }

  private static void checkTtl(String value) {
    long seconds = number(TTL_SECONDS, value);
    if (seconds < -1 || seconds > MAX_TTL_SECONDS) {
      throw Invalid.parameter(
          "collection TTL is out of range, expect [-1, %d], got %d", MAX_TTL_SECONDS, seconds);
    }
  }

  private static void checkWarmup(String key, String value) {
    if (!WARMUP_POLICIES.contains(value)) {
      throw Invalid.parameter(
          "invalid warmup value for key %s: invalid warmup policy: %s, must be one of: %s",
          key, value, "disable, sync, async");
    }
  }

  private static long number(String key, String value) {
    try {
      return Long.parseLong(value.strip());
    } catch (NumberFormatException _) {
      throw Invalid.parameter("%s should be an integer, but got %s", key, value);
    }
  }
}
