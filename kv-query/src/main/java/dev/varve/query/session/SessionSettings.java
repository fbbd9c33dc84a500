// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.query.ast.Spelling;
import dev.varve.query.type.TimeZones;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What SET has set and SHOW shows. Names without effect here are kept for clients that ask. */
final class SessionSettings {
  static final String SEARCH_PATH = "search_path";
  static final String TIME_ZONE = "timezone";
  static final String STATEMENT_TIMEOUT = "statement_timeout";
  static final String LOCK_TIMEOUT = "lock_timeout";
  static final String DEFAULT_ISOLATION = "default_transaction_isolation";
  static final String DEFAULT_READ_ONLY = "default_transaction_read_only";
  static final String ISOLATION = "transaction_isolation";
  static final String READ_ONLY = "transaction_read_only";

  private static final Map<String, String> DEFAULTS = new TreeMap<>();

  static {
    DEFAULTS.put(SEARCH_PATH, "\"$user\", public");
    DEFAULTS.put(TIME_ZONE, "UTC");
    DEFAULTS.put(STATEMENT_TIMEOUT, "0");
    DEFAULTS.put(LOCK_TIMEOUT, "10s");
    DEFAULTS.put(DEFAULT_ISOLATION, "repeatable read");
    DEFAULTS.put(DEFAULT_READ_ONLY, "off");
    DEFAULTS.put("application_name", "");
    DEFAULTS.put("bytea_output", "hex");
    DEFAULTS.put("client_encoding", "UTF8");
    DEFAULTS.put("client_min_messages", "notice");
    DEFAULTS.put("constraint_exclusion", "partition");
    DEFAULTS.put("datestyle", "ISO, MDY");
    DEFAULTS.put("default_statistics_target", "100");
    DEFAULTS.put("escape_string_warning", "on");
    DEFAULTS.put("extra_float_digits", "1");
    DEFAULTS.put("force_parallel_mode", "off");
    DEFAULTS.put("geqo", "on");
    DEFAULTS.put("idle_in_transaction_session_timeout", "0");
    DEFAULTS.put("integer_datetimes", "on");
    DEFAULTS.put("intervalstyle", "postgres");
    DEFAULTS.put("jit", "off");
    DEFAULTS.put("join_collapse_limit", "8");
    DEFAULTS.put("from_collapse_limit", "8");
    DEFAULTS.put("lc_collate", "C");
    DEFAULTS.put("lc_ctype", "C");
    DEFAULTS.put("lc_monetary", "C");
    DEFAULTS.put("lc_numeric", "C");
    DEFAULTS.put("lc_time", "C");
    DEFAULTS.put("max_identifier_length", "63");
    DEFAULTS.put("max_parallel_workers_per_gather", "0");
    DEFAULTS.put("min_parallel_table_scan_size", "8MB");
    DEFAULTS.put("parallel_setup_cost", "1000");
    DEFAULTS.put("parallel_tuple_cost", "0.1");
    DEFAULTS.put("plan_cache_mode", "auto");
    DEFAULTS.put("row_security", "on");
    DEFAULTS.put("server_encoding", "UTF8");
    DEFAULTS.put("server_version", "15.0");
    DEFAULTS.put("server_version_num", "150000");
    DEFAULTS.put("session_authorization", "varve");
    DEFAULTS.put("standard_conforming_strings", "on");
    DEFAULTS.put("temp_buffers", "8MB");
    DEFAULTS.put("work_mem", "4MB");
    DEFAULTS.put("xmloption", "content");
    DEFAULTS.put("synchronous_commit", "on");
    DEFAULTS.put("default_transaction_deferrable", "off");
    DEFAULTS.put("check_function_bodies", "on");
    DEFAULTS.put("default_tablespace", "");
    DEFAULTS.put("default_table_access_method", "heap");
  }

  private final String defaultIsolation;
  private final Map<String, String> values = new HashMap<>();
  private List<String> searchPath = List.of("public");
  private ZoneId zone = java.time.ZoneOffset.UTC;
  private Duration statementTimeout = Duration.ZERO;
  private @Nullable Duration lockTimeout;

  SessionSettings(IsolationLevel isolation) {
    defaultIsolation = isolation.name().replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  List<String> searchPath() {
    return searchPath;
  }

  ZoneId zone() {
    return zone;
  }

  Duration statementTimeout() {
    return statementTimeout;
  }

  void statementTimeout(Duration limit) {
    statementTimeout = limit;
  }

  /** How long to wait for locks; null for the database's. */
  @Nullable Duration lockTimeout() {
    return lockTimeout;
  }

  /** The isolation level of transactions that do not say. */
  IsolationLevel isolation() {
    return isolation(get(DEFAULT_ISOLATION));
  }

  boolean readOnly() {
    return isOn(get(DEFAULT_READ_ONLY));
  }

  private static boolean isOn(@Nullable String value) {
    return "on".equals(value) || "true".equals(value) || "1".equals(value) || "yes".equals(value);
  }

  static IsolationLevel isolation(@Nullable String text) {
    return switch (String.valueOf(text).toLowerCase(Locale.ROOT)) {
      case "serializable" -> IsolationLevel.SERIALIZABLE;
      case "repeatable read" -> IsolationLevel.REPEATABLE_READ;
      case "read committed" -> IsolationLevel.READ_COMMITTED;
      case "read uncommitted" -> IsolationLevel.READ_UNCOMMITTED;
      default -> throw invalid(DEFAULT_ISOLATION, String.valueOf(text));
    };
  }

  /** A setting's value, or null when there is no such setting. */
  @Nullable String get(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    String set = values.get(key);
    if (set != null) {
      return set;
    }
    return key.equals(DEFAULT_ISOLATION) ? defaultIsolation : DEFAULTS.get(key);
  }

  /** As {@link #get}, but an unknown name is an error. */
  String show(String name) {
    String value = get(name);
    if (value == null) {
      throw unknown(name);
    }
    return value;
  }

  private static dev.varve.VarveException unknown(String name) {
    return Spelling.suggest(
            ErrorCode.UNDEFINED_OBJECT.error(
                "unrecognized configuration parameter \"" + name + "\""),
            name,
            DEFAULTS.keySet())
        .build();
  }

  /** All settings by name. */
  Map<String, String> all() {
    Map<String, String> all = new TreeMap<>(DEFAULTS);
    all.put(DEFAULT_ISOLATION, defaultIsolation);
    all.putAll(values);
    return all;
  }

  /** Sets a setting; no values mean its default. */
  void set(String name, List<String> given) {
    String key = name.toLowerCase(Locale.ROOT);
    if (!DEFAULTS.containsKey(key) && key.indexOf('.') < 0) {
      throw unknown(name);
    }
    String value = given.isEmpty() ? null : String.join(", ", given);
    switch (key) {
      case SEARCH_PATH -> searchPath = path(given);
      case TIME_ZONE -> {
        zone = value == null ? java.time.ZoneOffset.UTC : zone(value);
        value = value == null ? null : zone.getId();
      }
      case STATEMENT_TIMEOUT ->
          statementTimeout = value == null ? Duration.ZERO : duration(key, value);
      case LOCK_TIMEOUT -> lockTimeout = value == null ? null : lockTimeout(value);
      case DEFAULT_ISOLATION -> {
        if (value != null) {
          isolation(value);
          value = value.toLowerCase(Locale.ROOT);
        }
      }
      default -> {}
    }
    if (value == null) {
      values.remove(key);
    } else {
      values.put(key, value);
    }
  }

  /** Sets everything to its default. */
  void reset() {
    List.copyOf(values.keySet()).forEach(name -> set(name, List.of()));
    statementTimeout = Duration.ZERO;
  }

  private static ZoneId zone(String value) {
    if (value.equalsIgnoreCase("local") || value.equalsIgnoreCase("default")) {
      return java.time.ZoneOffset.UTC;
    }
    ZoneId named = TimeZones.named(value);
    if (named == null) {
      try {
        return TimeZones.parse(value);
      } catch (dev.varve.VarveException e) {
        throw ErrorCode.INVALID_ARGUMENT
            .error("invalid value for parameter \"TimeZone\": \"" + value + "\"")
            .cause(e)
            .build();
      }
    }
    return named;
  }

  private static List<String> path(List<String> given) {
    if (given.isEmpty()) {
      return List.of("public");
    }
    List<String> path = new ArrayList<>();
    for (String each : given) {
      for (String part : each.split(",")) {
        String name = part.trim();
        if (!name.isEmpty() && !name.equals("$user") && !name.equals("\"$user\"")) {
          path.add(name);
        }
      }
    }
    return List.copyOf(path);
  }

  /** PostgreSQL's zero means for ever. */
  private static Duration lockTimeout(String value) {
    Duration timeout = duration(LOCK_TIMEOUT, value);
    return timeout.isZero() ? Duration.ofDays(365) : timeout;
  }

  private static Duration duration(String name, String value) {
    String text = value.trim().toLowerCase(Locale.ROOT);
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    if (digits == 0 || digits > 12) {
      throw invalid(name, value);
    }
    long number = Long.parseLong(text.substring(0, digits));
    return switch (text.substring(digits).trim()) {
      case "", "ms" -> Duration.ofMillis(number);
      case "us" -> Duration.ofNanos(number * 1000);
      case "s" -> Duration.ofSeconds(number);
      case "min" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> throw invalid(name, value);
    };
  }

  private static dev.varve.VarveException invalid(String name, String value) {
    return ErrorCode.INVALID_ARGUMENT
        .error("invalid value for parameter \"" + name + "\": \"" + value + "\"")
        .build();
  }
}
