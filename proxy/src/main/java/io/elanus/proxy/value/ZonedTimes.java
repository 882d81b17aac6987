package io.elanus.proxy.value;

import io.elanus.proxy.Invalid;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/// Points in time as texts: ISO 8601, from the year 1 to 9999.
public final class ZonedTimes {
  private static final long MICROS = 1_000_000;

  /// The property of a collection, and the parameter of a request.
  public static final String TIMEZONE = "timezone";

  private ZonedTimes() {}

  /// The zone of a collection: UTC unless it says another.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  public static ZoneId zone(Map<String, String> properties) {
    String name = properties.getOrDefault(TIMEZONE, "");
    return name.isEmpty() ? ZoneOffset.UTC : zone(name);
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  public static ZoneId zone(String name) {
    try {
      return name.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(name);
    } catch (DateTimeException _) {
      throw Invalid.parameter("unknown or invalid IANA Time Zone ID: %s", name);
    }
  }

  /// Microseconds since 1970, UTC.
  ///
  /// @param zone of a text that does not say its own
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  public static long parse(String text, ZoneId zone) {
    String iso = text.strip().replace(' ', 'T');
    try {
      Instant instant =
          hasZone(iso)
              ? OffsetDateTime.parse(iso).toInstant()
              : LocalDateTime.parse(iso).atZone(zone).toInstant();
      int year = instant.atZone(ZoneOffset.UTC).getYear();
      if (year >= 1 && year <= 9999) {
        return instant.getEpochSecond() * MICROS + instant.getNano() / 1000;
      }
    } catch (DateTimeException _) {
      throw invalid(text);
    }
    throw invalid(text);
  }

  private static RuntimeException invalid(String text) {
    return Invalid.parameter("got invalid timestamptz string: %s", text);
  }

  /// Behind the time: `Z`, or hours from UTC.
  private static boolean hasZone(String iso) {
    int time = iso.indexOf('T');
    return iso.endsWith("Z")
        || iso.endsWith("z")
        || time >= 0 && (iso.indexOf('+', time) >= 0 || iso.indexOf('-', time) >= 0);
  }

  public static String text(long micros, ZoneId zone) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant(micros).atZone(zone));
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
  }
}
