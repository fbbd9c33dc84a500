// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

import dev.varve.ErrorCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Time zones by the names PostgreSQL knows, and local time from and to UTC in microseconds. */
public final class TimeZones {
  private static final Map<String, String> ABBREVIATIONS =
      Map.ofEntries(
          Map.entry("UTC", "+00:00"),
          Map.entry("GMT", "+00:00"),
          Map.entry("UT", "+00:00"),
          Map.entry("Z", "+00:00"),
          Map.entry("ZULU", "+00:00"),
          Map.entry("WET", "+00:00"),
          Map.entry("WEST", "+01:00"),
          Map.entry("BST", "+01:00"),
          Map.entry("CET", "+01:00"),
          Map.entry("CEST", "+02:00"),
          Map.entry("EET", "+02:00"),
          Map.entry("EEST", "+03:00"),
          Map.entry("MSK", "Europe/Moscow"),
          Map.entry("IST", "+02:00"),
          Map.entry("JST", "+09:00"),
          Map.entry("KST", "+09:00"),
          Map.entry("AEST", "+10:00"),
          Map.entry("AEDT", "+11:00"),
          Map.entry("NZST", "+12:00"),
          Map.entry("NZDT", "+13:00"),
          Map.entry("HST", "-10:00"),
          Map.entry("AKST", "-09:00"),
          Map.entry("AKDT", "-08:00"),
          Map.entry("PST", "-08:00"),
          Map.entry("PDT", "-07:00"),
          Map.entry("MST", "-07:00"),
          Map.entry("MDT", "-06:00"),
          Map.entry("CST", "-06:00"),
          Map.entry("CDT", "-05:00"),
          Map.entry("EST", "-05:00"),
          Map.entry("EDT", "-04:00"),
          Map.entry("AST", "-04:00"),
          Map.entry("ADT", "-03:00"));

  private TimeZones() {}

  /** Region names in any case; filled on first use. */
  private static final class Regions {
    static final Map<String, String> BY_NAME = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    static {
      ZoneId.getAvailableZoneIds().forEach(id -> BY_NAME.put(id, id));
    }
  }

  /** The zone of a region's name or an abbreviation, in any case; null when unknown. */
  public static @Nullable ZoneId named(String name) {
    String abbreviation = ABBREVIATIONS.get(name.toUpperCase(Locale.ROOT));
    if (abbreviation != null) {
      return ZoneId.of(abbreviation);
    }
    String region = Regions.BY_NAME.get(name);
    return region == null ? null : ZoneId.of(region);
  }

  /**
   * The zone that the argument of AT TIME ZONE or SET TIME ZONE means: a name, or a POSIX offset such
   * as {@code +3}, which is west of Greenwich.
   */
  public static ZoneId parse(String text) {
    String name = text.strip();
    ZoneId zone = named(name);
    if (zone != null) {
      return zone;
    }
    try {
      int sign = name.startsWith("-") ? 1 : -1;
      String digits = name.startsWith("-") || name.startsWith("+") ? name.substring(1) : name;
      if (!digits.isEmpty() && Character.isDigit(digits.charAt(0))) {
        return ZoneOffset.ofTotalSeconds(sign * offsetSeconds(digits));
      }
    } catch (DateTimeException | NumberFormatException e) {
      throw unknown(text).cause(e).build();
    }
    throw unknown(text).build();
  }

  private static dev.varve.VarveException.Builder unknown(String text) {
    return ErrorCode.INVALID_ARGUMENT.error("The time zone \"" + text + "\" is not recognized.");
  }

  /** Seconds of {@code hh}, {@code hhmm}, {@code hh:mm} or {@code hh:mm:ss}. */
  static int offsetSeconds(String digits) {
    int colon = digits.indexOf(':');
    if (colon < 0) {
      int number = Integer.parseInt(digits);
      return digits.length() <= 2 ? number * 3600 : number / 100 * 3600 + number % 100 * 60;
    }
    String rest = digits.substring(colon + 1);
    int second = rest.indexOf(':');
    int minutes = Integer.parseInt(second < 0 ? rest : rest.substring(0, second));
    int seconds = second < 0 ? 0 : Integer.parseInt(rest.substring(second + 1));
    return Integer.parseInt(digits.substring(0, colon)) * 3600 + minutes * 60 + seconds;
  }

  /** The offset of a zone from UTC at an instant, in seconds east. */
  public static int offsetAt(ZoneId zone, long utcMicros) {
    if (zone instanceof ZoneOffset offset) {
      return offset.getTotalSeconds();
    }
    return zone.getRules()
        .getOffset(Instant.ofEpochSecond(Math.floorDiv(utcMicros, Calendar.SECOND_MICROS)))
        .getTotalSeconds();
  }

  /** The local time in a zone at an instant; the infinities stay. */
  public static long toLocal(ZoneId zone, long utcMicros) {
    return Calendar.isInfinite(utcMicros)
        ? utcMicros
        : utcMicros + offsetAt(zone, utcMicros) * Calendar.SECOND_MICROS;
  }

  /** The instant of a local time; in a gap the offset before it counts; the infinities stay. */
  public static long toUtc(ZoneId zone, long localMicros) {
    if (Calendar.isInfinite(localMicros)) {
      return localMicros;
    }
    if (zone instanceof ZoneOffset offset) {
      return localMicros - offset.getTotalSeconds() * Calendar.SECOND_MICROS;
    }
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(localMicros, Calendar.SECOND_MICROS), 0, ZoneOffset.UTC);
    var valid = zone.getRules().getValidOffsets(local);
    ZoneOffset offset =
        valid.size() == 1
            ? valid.get(0)
            : valid.isEmpty()
                ? zone.getRules().getTransition(local).getOffsetBefore()
                : valid.get(1);
    return localMicros - offset.getTotalSeconds() * Calendar.SECOND_MICROS;
  }
}
