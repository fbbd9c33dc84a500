// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.ErrorCode;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import dev.varve.cli.UsageException;
import dev.varve.cli.inspect.HexDump;
import dev.varve.cli.inspect.HtmlTree;
import dev.varve.cli.inspect.KeyText;
import dev.varve.cli.inspect.LevelDrawing;
import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.store.Timestamps;
import dev.varve.lsm.LsmOptions;
import dev.varve.lsm.LsmStore;
import dev.varve.lsm.StoreInspector;
import dev.varve.lsm.inspect.KeyVersion;
import dev.varve.lsm.inspect.LogRecord;
import dev.varve.lsm.inspect.MemTableInfo;
import dev.varve.lsm.inspect.TableInfo;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code varve inspect}: looks into a database, live or closed, without disturbing it. */
final class InspectCommand implements Command {
  @Override
  public String name() {
    return "inspect";
  }

  @Override
  public String summary() {
    return "look inside a database";
  }

  @Override
  public String synopsis() {
    return """
        varve inspect DB [levels] [--html FILE]   the tree, drawn
        varve inspect DB keyspaces                what the tables hold of each
        varve inspect DB manifest                 every table
        varve inspect DB memtable                 what is not in tables yet
        varve inspect DB sst FILE                 every version in a table
        varve inspect DB sst FILE --hex           every byte of it, and what it is
        varve inspect DB wal                      the records of the log
        varve inspect DB key KEY [--keyspace-id N] [--hex]   every version of a key""";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "varve inspect shop.varve",
        "varve inspect shop.varve --html tree.html",
        "varve inspect shop.varve key user:1");
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(null, "hex", false, "keys and values in hexadecimal")
        .addOption(null, "html", true, "write a page that draws the tree")
        .addOption(null, "keyspace-id", true, "the keyspace's number (default: 0)")
        .addOption("n", "limit", true, "no more lines than this (default: 1000)");
  }

  @Override
  public int run(CommandLine line, Console console) throws IOException {
    List<String> words = Arguments.words(line, 1, 3);
    Path directory = Path.of(words.get(0)).toAbsolutePath().normalize();
    String what = words.size() > 1 ? words.get(1) : "levels";
    long limit = Arguments.number(line, "limit", 1000, 1);
    LocalFileSystem files = new LocalFileSystem();
    if (what.equals("sst")) {
      table(files, directory.resolve(third(words)), line, limit, console.out());
      return 0;
    }
    if (what.equals("wal")) {
      Databases.reading(directory).close();
      log(files, directory, limit, console.out());
      return 0;
    }
    try (LsmStore store = LsmStore.openReadOnly(files, directory, LsmOptions.defaults())) {
      StoreInspector inspector = new StoreInspector(store);
      switch (what) {
        case "levels" -> levels(inspector, line, console.out());
        case "keyspaces" -> keyspaces(inspector, console.out());
        case "manifest" -> manifest(inspector, console.out());
        case "memtable" -> memTables(inspector, console.out());
        case "key" -> key(inspector, third(words), line, console.out());
        default -> throw new UsageException("'" + what + "' cannot be inspected.");
      }
    }
    return 0;
  }

  private static String third(List<String> words) {
    if (words.size() < 3) {
      throw new UsageException("Say which " + words.get(1) + ".");
    }
    return words.get(2);
  }

  private static void levels(StoreInspector inspector, CommandLine line, PrintStream out)
      throws IOException {
    List<TableInfo> tables = inspector.tables();
    LevelDrawing.print(tables, inspector.memTables(), out);
    String html = line.getOptionValue("html");
    if (html != null) {
      Files.writeString(Path.of(html), HtmlTree.of(tables, inspector.keyspaces()));
      out.println("drawn in " + html);
    }
  }

  private static void keyspaces(StoreInspector inspector, PrintStream out) {
    out.printf("%10s %14s %14s %16s  %s%n", "keyspace", "versions", "deletes", "bytes", "");
    inspector
        .keyspaces()
        .forEach(
            each ->
                out.printf(
                    Locale.ROOT,
                    "%10d %,14d %,14d %,16d  %s%n",
                    each.id(),
                    each.entries(),
                    each.deletes(),
                    each.bytes(),
                    KeyText.keyspaceKind(each.id())));
  }

  private static void manifest(StoreInspector inspector, PrintStream out) {
    out.printf(
        "%5s %-14s %14s %12s %10s %10s  %s%n",
        "level", "file", "bytes", "versions", "deletes", "garbage", "keys");
    for (TableInfo table : inspector.tables()) {
      out.printf(
          Locale.ROOT,
          "%5d %-14s %,14d %,12d %,10d %,10d  %s .. %s%n",
          table.level(),
          table.fileName(),
          table.fileBytes(),
          table.entries(),
          table.deletes() + table.rangeDeletes(),
          table.garbage(),
          KeyText.of(table.smallest()),
          KeyText.of(table.largest()));
    }
  }

  private static void memTables(StoreInspector inspector, PrintStream out) {
    out.printf(
        "%12s %12s %14s %14s  %s%n", "versions", "deletes", "used bytes", "of bytes", "newest");
    for (MemTableInfo each : inspector.memTables()) {
      out.printf(
          Locale.ROOT,
          "%,12d %,12d %,14d %,14d  %s%n",
          each.entries(),
          each.deletes(),
          each.usedBytes(),
          each.capacityBytes(),
          each.entries() == 0 ? "-" : Timestamps.toInstant(each.maxTimestamp()));
    }
  }

  private static void key(
      StoreInspector inspector, String text, CommandLine line, PrintStream out) {
    byte[] user = Arguments.bytes(line, text);
    byte[] prefix = KeyspacePrefix.of((int) Arguments.number(line, "keyspace-id", 0, 0));
    byte[] physical = java.util.Arrays.copyOf(prefix, prefix.length + user.length);
    System.arraycopy(user, 0, physical, prefix.length, user.length);
    List<KeyVersion> versions = inspector.history(physical);
    if (versions.isEmpty()) {
      throw ErrorCode.NOT_FOUND.error("No version of the key is there.").fact("key", user).build();
    }
    for (KeyVersion version : versions) {
      out.printf(
          "%-28s %-20d %-13s %-14s %s%n",
          Timestamps.toInstant(version.timestamp()),
          version.timestamp(),
          version.kind(),
          version.source(),
          version.value() == null ? "" : Arguments.shown(line, version.value()));
    }
  }

  private static void table(
      LocalFileSystem files, Path file, CommandLine line, long limit, PrintStream out) {
    if (line.hasOption("hex")) {
      HexDump dump = new HexDump(out, limit);
      StoreInspector.tableBytes(files, file, dump::part);
      dump.finish();
      return;
    }
    long[] shown = new long[1];
    StoreInspector.tableVersions(
        files,
        file,
        (key, timestamp, put, value) -> {
          if (shown[0]++ < limit) {
            out.println(
                KeyText.of(key)
                    + "\t"
                    + timestamp
                    + "\t"
                    + (put ? "put\t" + Arguments.shown(line, value) : "delete"));
          }
        });
    if (shown[0] > limit) {
      out.println("... " + (shown[0] - limit) + " more; --limit shows them");
    }
  }

  private static void log(LocalFileSystem files, Path directory, long limit, PrintStream out) {
    List<LogRecord> records = StoreInspector.log(files, directory);
    long skipped = Math.max(0, records.size() - limit);
    if (skipped > 0) {
      out.println(skipped + " earlier records ...");
    }
    out.printf("%8s %12s %-8s %-28s %12s%n", "segment", "offset", "kind", "committed", "bytes");
    records.stream()
        .skip(skipped)
        .forEach(
            record ->
                out.printf(
                    Locale.ROOT,
                    "%8d %,12d %-8s %-28s %,12d%n",
                    record.segment(),
                    record.offset(),
                    record.kind(),
                    record.timestamp() == 0 ? "" : Timestamps.toInstant(record.timestamp()),
                    record.payloadBytes()));
  }
}
