// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** The tables and queries of TPC-H. */
final class TpchData {
  private static final String TABLES =
      """
      CREATE TABLE region(r_regionkey INTEGER PRIMARY KEY, r_name VARCHAR(25), r_comment VARCHAR(152));
      CREATE TABLE nation(n_nationkey INTEGER PRIMARY KEY, n_name VARCHAR(25), n_regionkey INTEGER, n_comment VARCHAR(152));
      CREATE TABLE supplier(s_suppkey BIGINT PRIMARY KEY, s_name VARCHAR(25), s_address VARCHAR(40), s_nationkey INTEGER,
        s_phone VARCHAR(15), s_acctbal NUMERIC(12,2), s_comment VARCHAR(101));
      CREATE TABLE customer(c_custkey BIGINT PRIMARY KEY, c_name VARCHAR(25), c_address VARCHAR(40), c_nationkey INTEGER,
        c_phone VARCHAR(15), c_acctbal NUMERIC(12,2), c_mktsegment VARCHAR(10), c_comment VARCHAR(117));
      CREATE TABLE part(p_partkey BIGINT PRIMARY KEY, p_name VARCHAR(55), p_mfgr VARCHAR(25), p_brand VARCHAR(10),
        p_type VARCHAR(25), p_size INTEGER, p_container VARCHAR(10), p_retailprice NUMERIC(12,2), p_comment VARCHAR(23));
      CREATE TABLE partsupp(ps_partkey BIGINT, ps_suppkey BIGINT, ps_availqty INTEGER, ps_supplycost NUMERIC(12,2),
        ps_comment VARCHAR(199), PRIMARY KEY (ps_partkey, ps_suppkey));
      CREATE TABLE orders(o_orderkey BIGINT PRIMARY KEY, o_custkey BIGINT, o_orderstatus VARCHAR(1), o_totalprice NUMERIC(12,2),
        o_orderdate DATE, o_orderpriority VARCHAR(15), o_clerk VARCHAR(15), o_shippriority INTEGER, o_comment VARCHAR(79));
      CREATE TABLE lineitem(l_orderkey BIGINT, l_partkey BIGINT, l_suppkey BIGINT, l_linenumber INTEGER, l_quantity NUMERIC(12,2),
        l_extendedprice NUMERIC(12,2), l_discount NUMERIC(12,2), l_tax NUMERIC(12,2), l_returnflag VARCHAR(1), l_linestatus VARCHAR(1),
        l_shipdate DATE, l_commitdate DATE, l_receiptdate DATE, l_shipinstruct VARCHAR(25), l_shipmode VARCHAR(10),
        l_comment VARCHAR(44), PRIMARY KEY (l_orderkey, l_linenumber));
      """;

  private TpchData() {}

  /** Makes all tables and fills them. */
  static void load(Sandbox db, double scale) {
    db.run(TABLES);
    for (TpchTable<?> table : TpchTable.getTables()) {
      db.load(table.getTableName(), rows(db, table, scale));
    }
  }

  private static Iterable<List<Object>> rows(Sandbox db, TpchTable<?> table, double scale) {
    var columns = db.catalog().table(null, table.getTableName()).columns();
    return () -> {
      var entities = table.createGenerator(scale, 1, 1).iterator();
      return new java.util.Iterator<>() {
        @Override
        public boolean hasNext() {
          return entities.hasNext();
        }

        @Override
        public List<Object> next() {
          TpchEntity entity = entities.next();
          String[] fields = entity.toLine().split("\\|", -1);
          List<Object> row = new ArrayList<>(columns.size());
          for (int i = 0; i < columns.size(); i++) {
            row.add(
                switch (columns.get(i).type().kind()) {
                  case INTEGER -> (Object) Integer.valueOf(fields[i]);
                  case BIGINT -> Long.valueOf(fields[i]);
                  case NUMERIC -> new BigDecimal(fields[i]).setScale(2);
                  case DATE -> (int) LocalDate.parse(fields[i]).toEpochDay();
                  default -> fields[i];
                });
          }
          return row;
        }
      };
    };
  }

  /** Query 1 to 22; the view of query 15 as a common table. */
  static String query(int number) {
    String name = "/io/trino/tpch/queries/q" + number + ".sql";
    try (InputStream in = TpchTable.class.getResourceAsStream(name)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      String[] statements = text.replaceAll("(?m)^--.*$", "").split(";");
      return number == 15
          ? statements[0].replaceFirst(
                  "(?is)CREATE.*?VIEW\\s+(\\w+)\\s*(\\(.*?\\))?\\s*AS", "WITH $1 $2 AS (")
              + ") "
              + statements[1]
          : statements[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
