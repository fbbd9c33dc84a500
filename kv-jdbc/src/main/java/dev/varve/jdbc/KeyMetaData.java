// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.jdbc.VarveMetaData.Conditions;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** Keys and indexes of tables. */
final class KeyMetaData {
  private static final String CATALOG = VarveMetaData.CATALOG;

  private final VarveConnection connection;

  KeyMetaData(VarveConnection connection) {
    this.connection = connection;
  }

  ResultSet primaryKeys(@Nullable String schema, String table) throws SQLException {
    LocalRows rows =
        new LocalRows(
            "TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "#KEY_SEQ", "PK_NAME");
    for (Cells key : primaryKeyColumns(schema, table)) {
      rows.add(CATALOG, key.text(0), key.text(1), key.text(2), key.object(3), key.text(4));
    }
    return rows.sort(4).results();
  }

  private Iterable<Cells> primaryKeyColumns(@Nullable String schema, String table)
      throws SQLException {
    Conditions conditions =
        new Conditions()
            .equal("c.constraint_type", "PRIMARY KEY")
            .equal("c.table_schema", schema)
            .equal("c.table_name", table);
    return connection.rows(
        "SELECT k.table_schema, k.table_name, k.column_name, k.ordinal_position,"
            + " k.constraint_name FROM information_schema.table_constraints c"
            + " JOIN information_schema.key_column_usage k"
            + " ON k.constraint_schema = c.constraint_schema"
            + " AND k.constraint_name = c.constraint_name AND k.table_name = c.table_name"
            + conditions.text(),
        conditions.values());
  }

  ResultSet bestRowIdentifier(@Nullable String schema, String table) throws SQLException {
    LocalRows rows =
        new LocalRows(
            "#SCOPE",
            "COLUMN_NAME",
            "#DATA_TYPE",
            "TYPE_NAME",
            "#COLUMN_SIZE",
            "#BUFFER_LENGTH",
            "#DECIMAL_DIGITS",
            "#PSEUDO_COLUMN");
    for (Cells key : primaryKeyColumns(schema, table)) {
      JdbcType type = columnType(key);
      rows.add(
          DatabaseMetaData.bestRowSession,
          key.text(2),
          type.code(),
          type.name(),
          type.precision(),
          null,
          type.scale(),
          DatabaseMetaData.bestRowNotPseudo);
    }
    return rows.results();
  }

  private JdbcType columnType(Cells key) throws SQLException {
    for (Cells column :
        connection.rows(
            "SELECT data_type FROM information_schema.columns"
                + " WHERE table_schema = ? AND table_name = ? AND column_name = ?",
            key.text(0),
            key.text(1),
            key.text(2))) {
      return JdbcType.of(String.valueOf(column.text(0)));
    }
    return new JdbcType("unknown", Types.OTHER, Object.class, 0, 0, 0);
  }

  ResultSet foreignKeys(
      @Nullable String parentSchema,
      @Nullable String parentTable,
      @Nullable String childSchema,
      @Nullable String childTable,
      boolean sortByChild)
      throws SQLException {
    LocalRows rows =
        new LocalRows(
            "PKTABLE_CAT",
            "PKTABLE_SCHEM",
            "PKTABLE_NAME",
            "PKCOLUMN_NAME",
            "FKTABLE_CAT",
            "FKTABLE_SCHEM",
            "FKTABLE_NAME",
            "FKCOLUMN_NAME",
            "#KEY_SEQ",
            "#UPDATE_RULE",
            "#DELETE_RULE",
            "FK_NAME",
            "PK_NAME",
            "#DEFERRABILITY");
    Conditions conditions =
        new Conditions()
            .equal("p.table_schema", parentSchema)
            .equal("p.table_name", parentTable)
            .equal("f.table_schema", childSchema)
            .equal("f.table_name", childTable);
    String sql =
        "SELECT p.table_schema, p.table_name, p.column_name, f.table_schema, f.table_name,"
            + " f.column_name, f.ordinal_position, r.update_rule, r.delete_rule,"
            + " r.constraint_name, r.unique_constraint_name"
            + " FROM information_schema.referential_constraints r"
            + " JOIN information_schema.key_column_usage f"
            + " ON f.constraint_schema = r.constraint_schema"
            + " AND f.constraint_name = r.constraint_name AND f.table_name = r.table_name"
            + " JOIN information_schema.key_column_usage p"
            + " ON p.constraint_schema = r.unique_constraint_schema"
            + " AND p.constraint_name = r.unique_constraint_name"
            + " AND p.table_name = r.referenced_table_name"
            + " AND p.ordinal_position = f.position_in_unique_constraint"
            + conditions.text();
    for (Cells key : connection.rows(sql, conditions.values())) {
      rows.add(
          CATALOG,
          key.text(0),
          key.text(1),
          key.text(2),
          CATALOG,
          key.text(3),
          key.text(4),
          key.text(5),
          key.object(6),
          rule(key.text(7)),
          rule(key.text(8)),
          key.text(9),
          key.text(10),
          DatabaseMetaData.importedKeyNotDeferrable);
    }
    return (sortByChild ? rows.sort(6, 7, 12, 9) : rows.sort(2, 3, 12, 9)).results();
  }

  private static int rule(@Nullable String rule) {
    return switch (String.valueOf(rule)) {
      case "CASCADE" -> DatabaseMetaData.importedKeyCascade;
      case "SET NULL" -> DatabaseMetaData.importedKeySetNull;
      case "SET DEFAULT" -> DatabaseMetaData.importedKeySetDefault;
      case "RESTRICT" -> DatabaseMetaData.importedKeyRestrict;
      default -> DatabaseMetaData.importedKeyNoAction;
    };
  }

  ResultSet indexes(@Nullable String schema, String table, boolean unique) throws SQLException {
    LocalRows rows =
        new LocalRows(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME",
            "NON_UNIQUE",
            "INDEX_QUALIFIER",
            "INDEX_NAME",
            "#TYPE",
            "#ORDINAL_POSITION",
            "COLUMN_NAME",
            "ASC_OR_DESC",
            "#CARDINALITY",
            "#PAGES",
            "FILTER_CONDITION");
    Conditions conditions =
        new Conditions().equal("table_schema", schema).equal("table_name", table);
    String sql =
        "SELECT table_schema, table_name, is_unique, index_name, index_type, ordinal_position,"
            + " column_name, direction, filter_condition FROM information_schema.indexes"
            + conditions.text();
    for (Cells index : connection.rows(sql, conditions.values())) {
      boolean isUnique = "YES".equals(index.text(2));
      if (isUnique || !unique) {
        rows.add(
            CATALOG,
            index.text(0),
            index.text(1),
            !isUnique,
            null,
            index.text(3),
            (int)
                ("HASH".equals(index.text(4))
                    ? DatabaseMetaData.tableIndexHashed
                    : DatabaseMetaData.tableIndexOther),
            index.object(5),
            index.text(6),
            "HASH".equals(index.text(4)) ? null : index.text(7),
            0,
            0,
            index.text(8));
      }
    }
    return rows.sort(4, 7, 6, 8).results();
  }
}
