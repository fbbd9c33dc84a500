// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.inspect;

import java.io.PrintStream;
import java.util.HexFormat;

/** Prints bytes beside what they are: offset, sixteen bytes, the same as text, the annotation. */
public final class HexDump {
  private static final int BYTES_PER_LINE = 16;
  private static final int HEX_WIDTH = 3 * BYTES_PER_LINE - 1;

  private final PrintStream out;
  private final long limit;
  private String frame = "";
  private long lines;

  /** Prints at most {@code limit} lines of bytes. */
  public HexDump(PrintStream out, long limit) {
    this.out = out;
    this.limit = limit;
  }

  /** Prints one part; a headline where another frame begins. */
  public void part(int offset, String ofFrame, String what, byte[] bytes) {
    if (lines >= limit) {
      lines += linesOf(bytes);
      return;
    }
    if (!ofFrame.equals(frame) || what.startsWith("CRC32C of what follows")) {
      frame = ofFrame;
      out.println("-- " + frame);
    }
    for (int at = 0; at < bytes.length; at += BYTES_PER_LINE) {
      if (lines++ >= limit) {
        continue;
      }
      int to = Math.min(bytes.length, at + BYTES_PER_LINE);
      String hex = HexFormat.ofDelimiter(" ").formatHex(bytes, at, to);
      out.printf(
          "%08x  %-" + HEX_WIDTH + "s  %-" + BYTES_PER_LINE + "s  %s%n",
          offset + at,
          hex,
          text(bytes, at, to),
          at == 0 ? what : "");
    }
  }

  /** Says how much was left out. */
  public void finish() {
    if (lines > limit) {
      out.println("... " + (lines - limit) + " more lines; --limit shows them");
    }
  }

  private static long linesOf(byte[] bytes) {
    return (bytes.length + BYTES_PER_LINE - 1) / BYTES_PER_LINE;
  }

  private static String text(byte[] bytes, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char) bytes[i] : '.');
    }
    return text.toString();
  }
}
