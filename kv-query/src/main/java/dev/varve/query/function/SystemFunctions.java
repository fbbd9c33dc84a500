// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.query.expression.ScalarFunction.Volatility;
import dev.varve.query.type.TypeKind;
import org.jspecify.annotations.Nullable;

/** What depends on the session: sequences, settings, names; and questions about values' types. */
final class SystemFunctions {
  private static final TypeKind TEXT = TypeKind.TEXT;
  private static final TypeKind BIGINT = TypeKind.BIGINT;

  private SystemFunctions() {}

  static void register(Catalog catalog) {
    catalog.unstable(
        "nextval", BIGINT, c -> c.set(c.context().session().nextValue(c.text(0))), TEXT);
    catalog.unstable(
        "currval", BIGINT, c -> c.set(c.context().session().currentValue(c.text(0))), TEXT);
    catalog.unstable("lastval", BIGINT, c -> c.set(c.context().session().lastValue()));
    catalog.unstable(
        "setval",
        BIGINT,
        c -> c.set(c.context().session().setValue(c.text(0), c.bigint(1), true)),
        TEXT,
        BIGINT);
    catalog.unstable(
        "setval",
        BIGINT,
        c -> c.set(c.context().session().setValue(c.text(0), c.bigint(1), c.bool(2))),
        TEXT,
        BIGINT,
        TypeKind.BOOLEAN);
    names(catalog);
    settings(catalog);
    types(catalog);
  }

  private static void names(Catalog catalog) {
    for (String name : new String[] {"current_user", "session_user", "user", "current_role"}) {
      catalog.stable(name, TEXT, c -> c.set(c.context().session().user()));
    }
    for (String name : new String[] {"current_database", "current_catalog"}) {
      catalog.stable(name, TEXT, c -> c.set(c.context().session().database()));
    }
    catalog.stable("current_schema", TEXT, c -> c.set(c.context().session().schema()));
    catalog.stable(
        "version", TEXT, c -> c.set("PostgreSQL 15 compatible, Varve on Java " + javaVersion()));
    catalog.stable(
        "pg_backend_pid", TypeKind.INTEGER, c -> c.set((int) ProcessHandle.current().pid()));
  }

  private static int javaVersion() {
    return Runtime.version().feature();
  }

  private static void settings(Catalog catalog) {
    catalog.stable(
        "current_setting",
        TEXT,
        c -> {
          String value = c.context().session().setting(c.text(0));
          if (value == null) {
            throw ErrorCode.UNDEFINED_OBJECT
                .error("Unrecognized configuration parameter \"" + c.text(0) + "\".")
                .build();
          }
          c.set(value);
        },
        TEXT);
    catalog.stable(
        "current_setting",
        TEXT,
        c -> {
          String value = c.context().session().setting(c.text(0));
          if (value != null) {
            c.set(value);
          } else if (c.bool(1)) {
            c.setNull();
          } else {
            throw ErrorCode.UNDEFINED_OBJECT
                .error("Unrecognized configuration parameter \"" + c.text(0) + "\".")
                .build();
          }
        },
        TEXT,
        TypeKind.BOOLEAN);
  }

  private static void types(Catalog catalog) {
    @Nullable TypeKind[] any = {null};
    catalog.rows(
        "pg_typeof",
        any,
        false,
        TEXT,
        Volatility.STABLE,
        false,
        c -> c.set(c.type(0).kind().sqlName()));
    catalog.rows(
        "num_nulls",
        any,
        true,
        TypeKind.INTEGER,
        Volatility.IMMUTABLE,
        false,
        c -> c.set(nulls(c)));
    catalog.rows(
        "num_nonnulls",
        any,
        true,
        TypeKind.INTEGER,
        Volatility.IMMUTABLE,
        false,
        c -> c.set(c.count() - nulls(c)));
    catalog.row(
        "booleq",
        TypeKind.BOOLEAN,
        c -> c.set(c.bool(0) == c.bool(1)),
        TypeKind.BOOLEAN,
        TypeKind.BOOLEAN);
    catalog.row(
        "boolne",
        TypeKind.BOOLEAN,
        c -> c.set(c.bool(0) != c.bool(1)),
        TypeKind.BOOLEAN,
        TypeKind.BOOLEAN);
    catalog.unstable(
        "pg_sleep",
        TEXT,
        c -> {
          sleep(c);
          c.set("");
        },
        TypeKind.DOUBLE);
  }

  private static int nulls(Cells c) {
    int nulls = 0;
    for (int i = 0; i < c.count(); i++) {
      nulls += c.isNull(i) ? 1 : 0;
    }
    return nulls;
  }

  /** Waits in short steps, so that a canceled statement ends soon. */
  private static void sleep(Cells c) {
    long until = System.nanoTime() + (long) (c.real(0) * 1e9);
    while (System.nanoTime() < until) {
      c.context().checkCanceled();
      try {
        Thread.sleep(Math.min(10, Math.max(1, (until - System.nanoTime()) / 1_000_000)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw ErrorCode.QUERY_CANCELED
            .error("The statement's thread was interrupted.")
            .cause(e)
            .build();
      }
    }
  }
}
