// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One self-contained page: a bar chart of throughput for each workload, and the figures. */
public final class HtmlReport {
  private static final String[] COLOURS = {"#0b6e4f", "#c8553d", "#f28f3b", "#588b8b", "#8d99ae"};
  private static final int BAR_PIXELS = 420;

  private HtmlReport() {}

  /** The page. */
  public static String of(Results results) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>Varve bench</title>
        <style>
        body { font: 14px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 1100px; }
        h2 { margin: 1.6em 0 .3em; font-size: 16px; }
        table { border-collapse: collapse; }
        td, th { padding: 2px 10px; text-align: right; white-space: nowrap; }
        td:first-child, th:first-child { text-align: left; }
        th { font-weight: 600; color: #555; }
        .bar { height: 14px; border-radius: 2px; }
        </style>
        <h1>Varve beside its rivals</h1>
        <p>Medians; each run in a JVM of its own, engines taking turns. Longer bars are better.
        The ratio is Varve's throughput over the rival's.</p>
        """);
    for (String workload : results.workloads()) {
      section(page, results, workload);
    }
    return page.append("</html>\n").toString();
  }

  private static void section(StringBuilder page, Results results, String workload) {
    page.append("<h2>").append(workload).append("</h2><table><tr>");
    for (String head :
        List.of(
            "engine",
            "",
            "op/s",
            "ratio",
            "p50 µs",
            "p99 µs",
            "p99.9 µs",
            "max ms",
            "cpu ns/op",
            "disk MB",
            "write amp",
            "rss MB")) {
      page.append("<th>").append(head).append("</th>");
    }
    page.append("</tr>");
    double best = 0;
    for (String engine : results.engines()) {
      best =
          Math.max(
              best, results.median(engine, workload).map(m -> m.operationsPerSecond).orElse(0.0));
    }
    double own =
        results.median("varve", workload).map(m -> m.operationsPerSecond).orElse(Double.NaN);
    int colour = 0;
    for (String engine : results.engines()) {
      Optional<Measurement> median = results.median(engine, workload);
      if (median.isPresent()) {
        row(page, median.get(), best, own, COLOURS[colour % COLOURS.length]);
      }
      colour++;
    }
    page.append("</table>\n");
  }

  private static void row(
      StringBuilder page, Measurement m, double best, double own, String colour) {
    page.append(
        String.format(
            Locale.ROOT,
            "<tr><td>%s</td><td style=\"width:%dpx;text-align:left\"><div class=\"bar\""
                + " style=\"width:%.0fpx;background:%s\"></div></td><td>%,.0f</td><td>%.2f</td>"
                + "<td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%.0f</td><td>%.0f</td>"
                + "<td>%.2f</td><td>%.0f</td></tr>%n",
            m.engine,
            BAR_PIXELS,
            BAR_PIXELS * m.operationsPerSecond / best,
            colour,
            m.operationsPerSecond,
            own / m.operationsPerSecond,
            m.p50Nanos / 1e3,
            m.p99Nanos / 1e3,
            m.p999Nanos / 1e3,
            m.maxNanos / 1e6,
            m.cpuNanosPerOperation,
            m.diskBytes / 1e6,
            m.writeAmplification,
            m.residentBytes / 1e6));
  }
}
