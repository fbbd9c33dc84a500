// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.query.type.Calendar;
import dev.varve.query.type.Conversions;
import dev.varve.query.type.NumericSpecial;
import dev.varve.query.type.TimeZones;
import dev.varve.query.type.TypeKind;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** to_char, to_number, to_date and to_timestamp. */
final class FormattingFunctions {
  private static final TypeKind TEXT = TypeKind.TEXT;

  private FormattingFunctions() {}

  static void register(Catalog catalog) {
    numbers(catalog);
    times(catalog);
  }

  private static NumberPattern numberPattern(Cells c) {
    return c.samePattern(1, "", NumberPattern::new);
  }

  private static DateTimePattern dateTimePattern(Cells c) {
    return c.samePattern(1, "", DateTimePattern::new);
  }

  private static void numbers(Catalog catalog) {
    catalog.row(
        "to_char", TEXT, c -> number(c, BigDecimal.valueOf(c.integer(0))), TypeKind.INTEGER, TEXT);
    catalog.row(
        "to_char", TEXT, c -> number(c, BigDecimal.valueOf(c.bigint(0))), TypeKind.BIGINT, TEXT);
    catalog.row(
        "to_char",
        TEXT,
        c -> {
          if (c.isFinite(0)) {
            number(c, c.numeric(0));
          } else {
            number(c, c.special(0));
          }
        },
        TypeKind.NUMERIC,
        TEXT);
    for (TypeKind kind : new TypeKind[] {TypeKind.REAL, TypeKind.DOUBLE}) {
      boolean isReal = kind == TypeKind.REAL;
      catalog.row(
          "to_char",
          TEXT,
          c -> {
            Object value =
                isReal
                    ? Conversions.toNumeric((float) c.real(0))
                    : Conversions.toNumeric(c.real(0));
            number(c, value);
          },
          kind,
          TEXT);
    }
    catalog.row(
        "to_number",
        TypeKind.NUMERIC,
        c -> {
          if (c.length(1) == 0) {
            c.setNull();
          } else {
            c.set(NumberFormat.parse(c.text(0), numberPattern(c)));
          }
        },
        TEXT,
        TEXT);
  }

  private static void number(Cells c, Object value) {
    if (c.length(1) == 0) {
      c.setNull();
      return;
    }
    c.set(
        value instanceof BigDecimal number
            ? NumberFormat.format(number, null, numberPattern(c))
            : NumberFormat.format(null, (NumericSpecial) value, numberPattern(c)));
  }

  private static void times(Catalog catalog) {
    catalog.row(
        "to_char",
        TEXT,
        c -> time(c, c.bigint(0), ZoneOffset.UTC, c.bigint(0), false),
        TypeKind.TIMESTAMP,
        TEXT);
    catalog.stable(
        "to_char",
        TEXT,
        c -> {
          ZoneId zone = c.context().zone();
          time(c, TimeZones.toLocal(zone, c.bigint(0)), zone, c.bigint(0), true);
        },
        TypeKind.TIMESTAMPTZ,
        TEXT);
    catalog.row(
        "to_char",
        TEXT,
        c -> {
          if (c.length(1) == 0) {
            c.setNull();
          } else {
            c.set(DateTimeFormat.format(c.interval(0), dateTimePattern(c)));
          }
        },
        TypeKind.INTERVAL,
        TEXT);
    catalog.row(
        "to_date",
        TypeKind.DATE,
        c -> c.set((int) new DateTimeTemplateInput(c.text(0), dateTimePattern(c)).days()),
        TEXT,
        TEXT);
    catalog.stable(
        "to_timestamp",
        TypeKind.TIMESTAMPTZ,
        c -> {
          DateTimeTemplateInput input = new DateTimeTemplateInput(c.text(0), dateTimePattern(c));
          if (input.days() > 106_751_990) {
            throw ErrorCode.DATETIME_OVERFLOW.error("Timestamp out of range.").build();
          }
          c.set(input.instant(c.context().zone()));
        },
        TEXT,
        TEXT);
  }

  private static void time(Cells c, long local, ZoneId zone, long utc, boolean hasZone) {
    if (c.length(1) == 0 || Calendar.isInfinite(local)) {
      c.setNull();
    } else {
      c.set(DateTimeFormat.format(local, dateTimePattern(c), zone, utc, hasZone));
    }
  }
}
