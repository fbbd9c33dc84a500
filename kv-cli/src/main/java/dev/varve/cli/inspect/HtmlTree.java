// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.inspect;

import dev.varve.lsm.inspect.KeyspaceInfo;
import dev.varve.lsm.inspect.TableInfo;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * One self-contained page that draws the tree: a row for each level, a box for each table, placed by its
 * key range among all key bounds, shaded by its share of garbage.
 */
public final class HtmlTree {
  private static final int LEVELS = 7;

  private HtmlTree() {}

  /** The page. */
  public static String of(List<TableInfo> tables, List<KeyspaceInfo> keyspaces) {
    TreeSet<byte[]> bounds = new TreeSet<>(Arrays::compareUnsigned);
    tables.forEach(
        table -> {
          bounds.add(table.smallest());
          bounds.add(table.largest());
        });
    List<byte[]> order = List.copyOf(bounds);
    StringBuilder page =
        new StringBuilder(
            """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><title>Varve: the tree</title>
            <style>
            body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; color: #222; }
            .level { display: flex; align-items: center; margin: 6px 0; }
            .name { width: 150px; flex: none; }
            .track { position: relative; flex: 1; min-height: 26px; background: #f2f2f0; border-radius: 3px; }
            .table { position: absolute; height: 22px; top: 2px; border-radius: 3px; box-sizing: border-box;
              border: 1px solid #fff; overflow: hidden; font-size: 11px; color: #fff; padding: 2px 4px; }
            td, th { padding: 2px 12px; text-align: right; }
            </style>
            <h1>The tree</h1>
            <p>Each box is a table, from its least key to its greatest; keys are spaced evenly between the bounds
            of tables. The redder, the more of it is garbage. Point at a box for its figures.</p>
            """);
    for (int level = 0; level < LEVELS; level++) {
      int wanted = level;
      List<TableInfo> here = tables.stream().filter(table -> table.level() == wanted).toList();
      if (!here.isEmpty()) {
        level(page, level, here, order);
      }
    }
    page.append("<h2>Keyspaces</h2><table><tr><th>number<th>versions<th>deletes<th>bytes<th></tr>");
    for (KeyspaceInfo each : keyspaces) {
      page.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%d<td>%,d<td>%,d<td>%,d<td>%s</tr>",
              each.id(),
              each.entries(),
              each.deletes(),
              each.bytes(),
              KeyText.keyspaceKind(each.id())));
    }
    return page.append("</table></html>\n").toString();
  }

  private static void level(
      StringBuilder page, int level, List<TableInfo> tables, List<byte[]> order) {
    List<Long> runs = tables.stream().map(TableInfo::run).distinct().sorted().toList();
    long bytes = tables.stream().mapToLong(TableInfo::fileBytes).sum();
    page.append(
        String.format(
            Locale.ROOT,
            "<div class=\"level\"><div class=\"name\"><b>level %d</b><br>%d tables, %,.1f MB</div>"
                + "<div class=\"track\" style=\"height:%dpx\">",
            level,
            tables.size(),
            bytes / 1e6,
            26 * runs.size()));
    for (TableInfo table : tables) {
      double from = place(order, table.smallest());
      double to = Math.max(from + 0.4, place(order, table.largest()));
      double garbage = table.entries() == 0 ? 0 : (double) table.garbage() / table.entries();
      page.append(
          String.format(
              Locale.ROOT,
              "<div class=\"table\" style=\"left:%.2f%%;width:%.2f%%;top:%dpx;"
                  + "background:hsl(%.0f,45%%,40%%)\" title=\"%s&#10;%s .. %s&#10;%,d bytes, %,d versions,"
                  + " %,d garbage&#10;written %s\">%s</div>",
              from,
              to - from,
              2 + 26 * runs.indexOf(table.run()),
              160 * (1 - Math.min(1, 2 * garbage)),
              table.fileName(),
              escaped(KeyText.of(table.smallest())),
              escaped(KeyText.of(table.largest())),
              table.fileBytes(),
              table.entries(),
              table.garbage(),
              Instant.ofEpochMilli(table.createdMillis()),
              table.fileName()));
    }
    page.append("</div></div>\n");
  }

  private static double place(List<byte[]> order, byte[] key) {
    int index = 0;
    while (index < order.size() - 1 && !Arrays.equals(order.get(index), key)) {
      index++;
    }
    return order.size() == 1 ? 0 : 100.0 * index / (order.size() - 1);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
