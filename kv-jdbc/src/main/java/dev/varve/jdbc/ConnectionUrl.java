// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.Compression;
import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.Options;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverPropertyInfo;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a URL says.
 *
 * @param path the database's directory, or null for one in memory
 * @param name the name of a database in memory; empty for one that nobody else sees
 */
record ConnectionUrl(@Nullable Path path, String name, Options options) {
  static final String PREFIX = "jdbc:varve:";

  private static final String MEMORY = "mem:";

  /** The options by name, with what they take. */
  private static final Map<String, String> KNOWN =
      new TreeMap<>(
          Map.of(
              "durability", "sync, async or none",
              "isolation", "read_uncommitted, read_committed, repeatable_read or serializable",
              "memoryLimit", "bytes, perhaps with k, m or g",
              "workMemory", "bytes, perhaps with k, m or g",
              "compression", "lz4 or none",
              "createIfMissing", "true or false",
              "readOnly", "true or false",
              "timeTravel", "an ISO-8601 duration such as PT1H, or seconds",
              "lockTimeout", "an ISO-8601 duration such as PT10S, or seconds"));

  static ConnectionUrl parse(String url, Properties info) {
    String rest = url.substring(PREFIX.length());
    int question = rest.indexOf('?');
    String location = question < 0 ? rest : rest.substring(0, question);
    Map<String, String> given = new TreeMap<>();
    for (String name : info.stringPropertyNames()) {
      if (KNOWN.containsKey(name)) {
        given.put(name, info.getProperty(name));
      }
    }
    if (question >= 0) {
      for (String pair : rest.substring(question + 1).split("[&;]")) {
        if (!pair.isEmpty()) {
          int equals = pair.indexOf('=');
          String name = equals < 0 ? pair : pair.substring(0, equals);
          String value = equals < 0 ? "true" : pair.substring(equals + 1);
          given.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
      }
    }
    Options options = Options.defaults();
    for (Map.Entry<String, String> each : given.entrySet()) {
      options = with(options, each.getKey(), each.getValue());
    }
    if (location.startsWith(MEMORY)) {
      return new ConnectionUrl(null, location.substring(MEMORY.length()), options);
    }
    if (location.isEmpty()) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("The URL names no database.")
          .fact("url", url)
          .hint("Write jdbc:varve:/path/to/database or jdbc:varve:mem:name.")
          .build();
    }
    Path path = Path.of(location.startsWith("file:") ? location.substring(5) : location);
    return new ConnectionUrl(path.toAbsolutePath().normalize(), "", options);
  }

  private static Options with(Options options, String name, String value) {
    try {
      return switch (name) {
        case "durability" -> options.durability(Durability.valueOf(constant(value)));
        case "isolation" -> options.isolation(IsolationLevel.valueOf(constant(value)));
        case "memoryLimit" -> options.memoryLimit(bytes(value));
        case "workMemory" -> options.workMemory(bytes(value));
        case "compression" -> options.compression(Compression.valueOf(constant(value)));
        case "createIfMissing" -> options.createIfMissing(flag(value));
        case "readOnly" -> options.readOnly(flag(value));
        case "timeTravel" -> options.timeTravel(duration(value));
        case "lockTimeout" -> options.lockTimeout(duration(value));
        default ->
            throw ErrorCode.INVALID_ARGUMENT
                .error("The URL has an option that does not exist.")
                .fact("option", name)
                .hint("There are " + String.join(", ", KNOWN.keySet()) + ".")
                .build();
      };
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("An option of the URL has a value that cannot be read.")
          .fact("option", name)
          .fact("value", value)
          .hint("It takes " + KNOWN.get(name) + ".")
          .cause(e)
          .build();
    }
  }

  private static String constant(String value) {
    return value.trim().toUpperCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
  }

  private static boolean flag(String value) {
    return switch (value.trim().toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "1", "" -> true;
      case "false", "off", "no", "0" -> false;
      default -> throw new IllegalArgumentException(value);
    };
  }

  private static long bytes(String value) {
    String text = value.trim().toLowerCase(Locale.ROOT);
    int shift = text.endsWith("k") ? 10 : text.endsWith("m") ? 20 : text.endsWith("g") ? 30 : 0;
    String digits = shift == 0 ? text : text.substring(0, text.length() - 1).trim();
    return Math.multiplyExact(Long.parseLong(digits), 1L << shift);
  }

  private static Duration duration(String value) {
    String text = value.trim();
    return text.chars().allMatch(Character::isDigit) && !text.isEmpty()
        ? Duration.ofSeconds(Long.parseLong(text))
        : Duration.parse(text);
  }

  static DriverPropertyInfo[] propertyInfo(Properties info) {
    DriverPropertyInfo[] properties = new DriverPropertyInfo[KNOWN.size()];
    int i = 0;
    for (Map.Entry<String, String> each : KNOWN.entrySet()) {
      DriverPropertyInfo property =
          new DriverPropertyInfo(each.getKey(), info.getProperty(each.getKey()));
      property.description = each.getValue();
      properties[i++] = property;
    }
    return properties;
  }
}
