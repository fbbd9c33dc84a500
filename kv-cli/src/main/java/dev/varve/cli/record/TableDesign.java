// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.record;

import dev.varve.ErrorCode;
import dev.varve.cli.table.SqlTable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table that would hold the records of a file: the narrowest type each column's values allow. */
public final class TableDesign {
  private static final int SAMPLE_RECORDS = 100_000;

  /** Types from narrow to wide; a column gets the first that takes all its values. */
  private enum Kind {
    BOOLEAN(Pattern.compile("true|false").asMatchPredicate()),
    INTEGER(text -> text.matches("-?\\d{1,9}") && !hasLeadingZero(text)),
    BIGINT(text -> text.matches("-?\\d{1,18}") && !hasLeadingZero(text)),
    NUMERIC(text -> text.matches("-?\\d+(\\.\\d+)?") && !hasLeadingZero(text)),
    DATE(Pattern.compile("\\d{4}-\\d{2}-\\d{2}").asMatchPredicate()),
    TIMESTAMP(
        Pattern.compile("\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?")
            .asMatchPredicate()),
    TEXT(text -> true);

    private final Predicate<String> takes;

    Kind(Predicate<String> takes) {
      this.takes = takes;
    }

    private static boolean hasLeadingZero(String text) {
      return text.matches("-?0\\d.*");
    }
  }

  private final Map<String, int[]> misfits = new LinkedHashMap<>();

  private TableDesign() {}

  /** Looks at the records, up to a bound. */
  public static TableDesign of(RecordSource records) throws IOException {
    TableDesign design = new TableDesign();
    for (int i = 0; i < SAMPLE_RECORDS; i++) {
      try {
        if (!records.next()) {
          break;
        }
      } catch (BadRecordException bad) {
        continue;
      }
      design.add(records.columns(), records.values());
    }
    if (design.misfits.isEmpty()) {
      records
          .columns()
          .forEach(column -> design.misfits.put(column, new int[Kind.values().length]));
    }
    if (design.misfits.isEmpty()) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("The file holds no record from which a table could be designed.")
          .build();
    }
    return design;
  }

  /** The statement that makes the table. */
  public String createTable(String table) {
    return "CREATE TABLE "
        + SqlTable.quoted(table)
        + " ("
        + misfits.entrySet().stream()
            .map(column -> SqlTable.quoted(column.getKey()) + " " + narrowest(column.getValue()))
            .collect(Collectors.joining(", "))
        + ")";
  }

  private void add(List<String> columns, List<@Nullable String> values) {
    for (int i = 0; i < columns.size(); i++) {
      int[] counts = misfits.computeIfAbsent(columns.get(i), name -> new int[Kind.values().length]);
      String value = values.get(i);
      if (value != null) {
        for (Kind kind : Kind.values()) {
          if (!kind.takes.test(value)) {
            counts[kind.ordinal()]++;
          }
        }
      }
    }
  }

  private static Kind narrowest(int[] counts) {
    for (Kind kind : Kind.values()) {
      if (counts[kind.ordinal()] == 0) {
        return kind;
      }
    }
    return Kind.TEXT;
  }
}
