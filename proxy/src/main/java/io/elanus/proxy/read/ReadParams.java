package io.elanus.proxy.read;

import io.elanus.common.model.Collection;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.catalog.IndexParams;
import io.elanus.proxy.value.TimeForm;
import io.elanus.proxy.value.ZonedTimes;
import io.elanus.rpc.codec.SchemaCodec;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parameters of a search or query by name. All are texts on the wire.
///
/// @param flat also those some SDKs wrap as JSON into one named `params`
record ReadParams(Map<String, String> flat) {
  ReadParams {
    flat = Map.copyOf(flat);
  }

  static ReadParams of(List<KeyValuePair> pairs) {
    return new ReadParams(IndexParams.flatten(SchemaCodec.decodePairs(pairs)));
  }

  /// Empty when the parameter is missing or has no text.
  Optional<String> text(String name) {
    return Optional.ofNullable(flat.get(name)).filter(value -> !value.isBlank());
  }

  Optional<Long> number(String name) {
    return text(name).map(value -> parse(name, value));
  }

  Optional<Float> decimal(String name) {
    return text(name).map(value -> parseDecimal(name, value));
  }

  private static float parseDecimal(String name, String value) {
    try {
      float number = Float.parseFloat(value.trim());
      if (!Float.isNaN(number)) {
        return number;
      }
    } catch (NumberFormatException _) {
      // answered below
    }
    throw Invalid.parameter("%s [%s] is invalid", name, value);
  }

  private static long parse(String name, String value) {
    try {
      return Long.parseLong(value.trim());
    } catch (NumberFormatException _) {
      throw Invalid.parameter("%s [%s] is invalid", name, value);
    }
  }

  /// How times are shown: as texts unless parts are asked for, in the zone of the request, else the collection's.
  TimeForm times(Collection collection) {
    ZoneId zone =
        text(ZonedTimes.TIMEZONE)
            .map(ZonedTimes::zone)
            .orElseGet(() -> ZonedTimes.zone(collection.properties()));
    return text("time_fields")
        .map(names -> TimeForm.parts(names, zone))
        .orElseGet(() -> new TimeForm.Text(zone));
  }

  /// Iterators name the collection that they began with.
  ///
  /// @throws io.elanus.common.error.DbException when the name means another one by now
  void checkCollection(Collection collection) {
    number("collection_id")
        .filter(id -> id > 0 && id != collection.id().value())
        .ifPresent(id -> {
          throw Invalid.parameter(
              "collection id:%d in the request is not consistent to that in the search context,"
                  + " alias or database may have been changed: %d",
              id, collection.id().value());
        });
  }

  /// `True` and `true` both count; everything else is false.
  boolean flag(String name) {
    return text(name).filter(value -> value.equalsIgnoreCase("true")).isPresent();
  }

  /// @throws io.elanus.common.error.DbException when one of `names` is set
  void refuse(String feature, String... names) {
    for (String name : names) {
      if (text(name).filter(value -> !value.equalsIgnoreCase("false")).isPresent()) {
        throw Invalid.notServed("%s (parameter %s)".formatted(feature, name));
      }
    }
  }
}
