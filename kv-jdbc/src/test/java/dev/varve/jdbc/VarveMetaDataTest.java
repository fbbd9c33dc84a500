// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VarveMetaDataTest {
  private static List<String> column(ResultSet rows, String label) throws SQLException {
    List<String> values = new ArrayList<>();
    while (rows.next()) {
      values.add(rows.getString(label));
    }
    return values;
  }

  private static Connection shop() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:varve:mem:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE customer (id BIGINT PRIMARY KEY, name VARCHAR(40) NOT NULL)");
      statement.execute(
          "CREATE TABLE purchase (id SERIAL PRIMARY KEY, customer BIGINT REFERENCES customer ON"
              + " DELETE CASCADE, price NUMERIC(8,2) DEFAULT 1)");
      statement.execute("CREATE INDEX by_price ON purchase (price DESC, customer)");
      statement.execute("CREATE VIEW cheap AS SELECT id FROM purchase WHERE price < 10");
    }
    return connection;
  }

  @Test
  void tablesColumnsKeysAndIndexesAreThere() throws SQLException {
    try (Connection connection = shop()) {
      DatabaseMetaData data = connection.getMetaData();
      assertEquals(
          List.of("customer", "purchase"),
          column(data.getTables(null, "public", "%", new String[] {"TABLE"}), "TABLE_NAME"));
      assertEquals(
          List.of("cheap"),
          column(data.getTables(null, null, "c%", new String[] {"VIEW"}), "TABLE_NAME"));
      ResultSet columns = data.getColumns(null, null, "purchase", null);
      assertTrue(columns.next());
      assertEquals("YES", columns.getString("IS_AUTOINCREMENT"));
      assertTrue(columns.next());
      assertEquals(Types.BIGINT, columns.getInt("DATA_TYPE"));
      assertTrue(columns.next());
      assertEquals(8, columns.getInt("COLUMN_SIZE"));
      assertEquals(2, columns.getInt("DECIMAL_DIGITS"));
      assertEquals("1", columns.getString("COLUMN_DEF"));
      assertEquals(
          List.of("id"), column(data.getPrimaryKeys(null, null, "customer"), "COLUMN_NAME"));
      ResultSet imported = data.getImportedKeys(null, null, "purchase");
      assertTrue(imported.next());
      assertEquals("customer", imported.getString("PKTABLE_NAME"));
      assertEquals("id", imported.getString("PKCOLUMN_NAME"));
      assertEquals("customer", imported.getString("FKCOLUMN_NAME"));
      assertEquals(DatabaseMetaData.importedKeyCascade, imported.getInt("DELETE_RULE"));
      assertEquals(
          List.of("purchase"),
          column(data.getExportedKeys(null, null, "customer"), "FKTABLE_NAME"));
      assertEquals(
          List.of("price", "customer"),
          column(data.getIndexInfo(null, null, "purchase", false, true), "COLUMN_NAME")
              .subList(1, 3));
    }
  }

  /** Every question without a result set is answered, and every result set can be read. */
  @Test
  void everyMethodAnswers() throws Exception {
    try (Connection connection = shop()) {
      DatabaseMetaData data = connection.getMetaData();
      for (Method method : DatabaseMetaData.class.getMethods()) {
        if (method.isDefault() || method.getDeclaringClass() != DatabaseMetaData.class) {
          continue;
        }
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
          Class<?> type = method.getParameterTypes()[i];
          arguments[i] =
              type == int.class
                  ? Integer.valueOf(ResultSet.TYPE_FORWARD_ONLY)
                  : type == boolean.class ? Boolean.FALSE : null;
        }
        Object answer = method.invoke(data, arguments);
        if (answer instanceof ResultSet rows) {
          int width = rows.getMetaData().getColumnCount();
          assertTrue(width > 0, method.getName());
          while (rows.next()) {
            rows.getString(width);
          }
        }
      }
    }
  }
}
