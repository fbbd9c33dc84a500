// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli;

import dev.varve.Progress;
import java.io.PrintStream;
import java.util.Locale;

/** Draws one line that fills up, with the time that is left. */
final class ProgressBar implements Progress {
  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = 100_000_000;

  private final String what;
  private final PrintStream out;
  private final long start = System.nanoTime();
  private long drawn;
  private boolean finished;

  ProgressBar(String what, PrintStream out) {
    this.what = what;
    this.out = out;
    this.drawn = start;
  }

  @Override
  public synchronized void at(long bytesDone, long bytesTotal) {
    long now = System.nanoTime();
    boolean last = bytesTotal > 0 && bytesDone >= bytesTotal;
    if (finished || now - drawn < REDRAW_NANOS && !last) {
      return;
    }
    if (last && drawn == start) {
      finished = true;
      return;
    }
    drawn = now;
    double share = bytesTotal == 0 ? 0 : Math.min(1, (double) bytesDone / bytesTotal);
    int full = (int) (share * WIDTH);
    double seconds = (now - start) / 1e9;
    out.printf(
        Locale.ROOT,
        "\r%s [%s%s] %3.0f %%  %,.1f MB  %s   ",
        what,
        "#".repeat(full),
        "-".repeat(WIDTH - full),
        share * 100,
        bytesDone / 1e6,
        last
            ? String.format(Locale.ROOT, "%.1f s", seconds)
            : share == 0
                ? ""
                : String.format(Locale.ROOT, "%.0f s left", seconds / share - seconds));
    if (last) {
      out.println();
      finished = true;
    }
    out.flush();
  }
}
