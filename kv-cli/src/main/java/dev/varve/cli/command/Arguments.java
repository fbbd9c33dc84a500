// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.ErrorCode;
import dev.varve.cli.UsageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** Reads the words after a verb. */
final class Arguments {
  private Arguments() {}

  /** The words, of which there must be from {@code least} to {@code most}. */
  static List<String> words(CommandLine line, int least, int most) {
    List<String> words = line.getArgList();
    if (words.size() < least) {
      throw new UsageException("A word is missing.");
    }
    if (words.size() > most) {
      throw new UsageException("'" + words.get(most) + "' is one word too many.");
    }
    return words;
  }

  /** The path of a database. */
  static Path database(CommandLine line) {
    List<String> words = line.getArgList();
    if (words.isEmpty()) {
      throw new UsageException("Name a database.");
    }
    return Path.of(words.get(0));
  }

  /** Throws unless {@code file} is one that can be read. */
  static void requireReadable(Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw ErrorCode.NOT_FOUND
          .error(Files.exists(file) ? "The file cannot be read." : "There is no such file.")
          .fact("file", file)
          .build();
    }
  }

  /** A key or value as typed: UTF-8, or hexadecimal with {@code --hex}. */
  static byte[] bytes(CommandLine line, String word) {
    if (!line.hasOption("hex")) {
      return word.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return HexFormat.of().parseHex(word.startsWith("0x") ? word.substring(2) : word);
    } catch (IllegalArgumentException wrong) {
      throw new UsageException("'" + word + "' is not hexadecimal.");
    }
  }

  /** Bytes as shown: as text where they are UTF-8 that can be printed, else as 0x.. */
  static String shown(CommandLine line, byte[] bytes) {
    if (!line.hasOption("hex")) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (java.util.Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)
          && text.chars().noneMatch(c -> c < 0x20 || c == 0x7f)) {
        return text;
      }
    }
    return "0x" + HexFormat.of().formatHex(bytes);
  }

  /** A whole number from {@code least} on. */
  static long number(CommandLine line, String option, long otherwise, long least) {
    String text = line.getOptionValue(option);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // said below
    }
    throw new UsageException("--" + option + " takes a whole number from " + least + " on.");
  }
}
