// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.sql;

import java.util.List;
import java.util.Locale;

/** The SQL databases that can be measured, each on disk and without sync. */
enum SqlEngineKind {
  VARVE("jdbc:varve:%s/db?durability=none", List.of()),
  SQLITE("jdbc:sqlite:%s/db?journal_mode=WAL&synchronous=OFF", List.of()),
  H2("jdbc:h2:%s/db;OPTIMIZE_REUSE_RESULTS=0", List.of("SET WRITE_DELAY 1000")),
  HSQLDB("jdbc:hsqldb:file:%s/db;hsqldb.default_table_type=cached;hsqldb.tx=mvcc", List.of()),
  DERBY("jdbc:derby:%s/db;create=true", List.of()),
  DUCKDB("jdbc:duckdb:%s/db", List.of());

  private final String url;
  private final List<String> setUp;

  SqlEngineKind(String url, List<String> setUp) {
    this.url = url;
    this.setUp = setUp;
  }

  String url(String directory) {
    return String.format(url, directory);
  }

  List<String> setUp() {
    return setUp;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static SqlEngineKind of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
