// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.RowIdLifetime;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What there is in a database, read from information_schema. */
final class VarveMetaData extends MetaDataLimits {
  static final String CATALOG = "varve";

  private final VarveConnection connection;
  private final KeyMetaData keys;

  VarveMetaData(VarveConnection connection) {
    this.connection = connection;
    this.keys = new KeyMetaData(connection);
  }

  @Override
  public Connection getConnection() {
    return connection;
  }

  @Override
  public String getURL() {
    return connection.url();
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    return connection.isReadOnly();
  }

  @Override
  public String getDatabaseProductVersion() {
    return VarveDriver.MAJOR + "." + VarveDriver.MINOR;
  }

  @Override
  public String getDriverVersion() {
    return VarveDriver.MAJOR + "." + VarveDriver.MINOR;
  }

  @Override
  public RowIdLifetime getRowIdLifetime() {
    return RowIdLifetime.ROWID_UNSUPPORTED;
  }

  @Override
  public boolean supportsConvert() {
    return false;
  }

  @Override
  public boolean supportsConvert(int fromType, int toType) {
    return false;
  }

  @Override
  public boolean supportsTransactionIsolationLevel(int level) {
    return level == Connection.TRANSACTION_READ_UNCOMMITTED
        || level == Connection.TRANSACTION_READ_COMMITTED
        || level == Connection.TRANSACTION_REPEATABLE_READ
        || level == Connection.TRANSACTION_SERIALIZABLE;
  }

  @Override
  public boolean supportsResultSetType(int type) {
    return type == ResultSet.TYPE_FORWARD_ONLY || type == ResultSet.TYPE_SCROLL_INSENSITIVE;
  }

  @Override
  public boolean supportsResultSetConcurrency(int type, int concurrency) {
    return supportsResultSetType(type) && concurrency == ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public boolean supportsResultSetHoldability(int holdability) {
    return holdability == ResultSet.HOLD_CURSORS_OVER_COMMIT;
  }

  // Tables.

  /** A condition for each pattern that is given. */
  static final class Conditions {
    private final StringBuilder text = new StringBuilder();
    private final List<String> values = new ArrayList<>();

    Conditions like(String column, @Nullable String pattern) {
      if (pattern != null) {
        text.append(text.isEmpty() ? " WHERE " : " AND ").append(column).append(" LIKE ?");
        values.add(pattern);
      }
      return this;
    }

    Conditions equal(String column, @Nullable String value) {
      if (value != null) {
        text.append(text.isEmpty() ? " WHERE " : " AND ").append(column).append(" = ?");
        values.add(value);
      }
      return this;
    }

    String text() {
      return text.toString();
    }

    Object[] values() {
      return values.toArray();
    }
  }

  private static boolean isOther(@Nullable String catalog) {
    return catalog != null && !catalog.isEmpty() && !catalog.equals(CATALOG);
  }

  @Override
  public ResultSet getTables(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String tableNamePattern,
      String @Nullable [] types)
      throws SQLException {
    LocalRows rows =
        new LocalRows(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME",
            "TABLE_TYPE",
            "REMARKS",
            "TYPE_CAT",
            "TYPE_SCHEM",
            "TYPE_NAME",
            "SELF_REFERENCING_COL_NAME",
            "REF_GENERATION");
    if (isOther(catalog)) {
      return rows.results();
    }
    Set<String> wanted = types == null ? null : new TreeSet<>(List.of(types));
    Conditions conditions =
        new Conditions().like("table_schema", schemaPattern).like("table_name", tableNamePattern);
    String sql =
        "SELECT table_schema, table_name, table_type FROM information_schema.tables"
            + conditions.text();
    for (Cells table : connection.rows(sql, conditions.values())) {
      String type =
          switch (String.valueOf(table.text(2))) {
            case "BASE TABLE" -> "TABLE";
            case "LOCAL TEMPORARY" -> "TEMPORARY TABLE";
            default -> String.valueOf(table.text(2));
          };
      if (wanted == null || wanted.contains(type)) {
        rows.add(CATALOG, table.text(0), table.text(1), type, null, null, null, null, null, null);
      }
    }
    return rows.sort(4, 2, 3).results();
  }

  @Override
  public ResultSet getSchemas() throws SQLException {
    return getSchemas(null, null);
  }

  @Override
  public ResultSet getSchemas(@Nullable String catalog, @Nullable String schemaPattern)
      throws SQLException {
    LocalRows rows = new LocalRows("TABLE_SCHEM", "TABLE_CATALOG");
    if (!isOther(catalog)) {
      Conditions conditions = new Conditions().like("schema_name", schemaPattern);
      String sql = "SELECT schema_name FROM information_schema.schemata" + conditions.text();
      for (Cells schema : connection.rows(sql, conditions.values())) {
        rows.add(schema.text(0), CATALOG);
      }
    }
    return rows.sort(1).results();
  }

  @Override
  public ResultSet getCatalogs() {
    return new LocalRows("TABLE_CAT").add(CATALOG).results();
  }

  @Override
  public ResultSet getTableTypes() {
    return new LocalRows("TABLE_TYPE").add("TABLE").add("TEMPORARY TABLE").add("VIEW").results();
  }

  @Override
  public ResultSet getColumns(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String tableNamePattern,
      @Nullable String columnNamePattern)
      throws SQLException {
    LocalRows rows =
        new LocalRows(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME",
            "COLUMN_NAME",
            "#DATA_TYPE",
            "TYPE_NAME",
            "#COLUMN_SIZE",
            "#BUFFER_LENGTH",
            "#DECIMAL_DIGITS",
            "#NUM_PREC_RADIX",
            "#NULLABLE",
            "REMARKS",
            "COLUMN_DEF",
            "#SQL_DATA_TYPE",
            "#SQL_DATETIME_SUB",
            "#CHAR_OCTET_LENGTH",
            "#ORDINAL_POSITION",
            "IS_NULLABLE",
            "SCOPE_CATALOG",
            "SCOPE_SCHEMA",
            "SCOPE_TABLE",
            "#SOURCE_DATA_TYPE",
            "IS_AUTOINCREMENT",
            "IS_GENERATEDCOLUMN");
    if (isOther(catalog)) {
      return rows.results();
    }
    Conditions conditions =
        new Conditions()
            .like("table_schema", schemaPattern)
            .like("table_name", tableNamePattern)
            .like("column_name", columnNamePattern);
    String sql =
        "SELECT table_schema, table_name, column_name, data_type, character_maximum_length,"
            + " numeric_precision, numeric_scale, is_nullable, column_default, ordinal_position,"
            + " is_identity, is_generated FROM information_schema.columns"
            + conditions.text();
    for (Cells column : connection.rows(sql, conditions.values())) {
      addColumn(rows, column);
    }
    return rows.sort(2, 3, 17).results();
  }

  private static void addColumn(LocalRows rows, Cells column) {
    JdbcType type = JdbcType.of(String.valueOf(column.text(3)));
    Integer length = (Integer) column.object(4);
    Integer precision = (Integer) column.object(5);
    Integer scale = (Integer) column.object(6);
    boolean isNumeric = type.code() == Types.NUMERIC;
    Integer size =
        length != null
            ? length
            : isNumeric ? precision == null ? Integer.valueOf(0) : precision : type.precision();
    boolean nullable = "YES".equals(column.text(7));
    String defaultText = column.text(8);
    boolean generates =
        "YES".equals(column.text(10)) || defaultText != null && defaultText.startsWith("nextval(");
    rows.add(
        CATALOG,
        column.text(0),
        column.text(1),
        column.text(2),
        type.code(),
        type.name(),
        size,
        null,
        isNumeric ? scale == null ? Integer.valueOf(0) : scale : type.scale(),
        10,
        nullable ? columnNullable : columnNoNulls,
        null,
        defaultText,
        null,
        null,
        type.isText() ? size : null,
        column.object(9),
        nullable ? "YES" : "NO",
        null,
        null,
        null,
        null,
        generates ? "YES" : "NO",
        "ALWAYS".equals(column.text(11)) ? "YES" : "NO");
  }

  @Override
  public ResultSet getTypeInfo() {
    LocalRows rows =
        new LocalRows(
            "TYPE_NAME",
            "#DATA_TYPE",
            "#PRECISION",
            "LITERAL_PREFIX",
            "LITERAL_SUFFIX",
            "CREATE_PARAMS",
            "#NULLABLE",
            "CASE_SENSITIVE",
            "#SEARCHABLE",
            "UNSIGNED_ATTRIBUTE",
            "FIXED_PREC_SCALE",
            "AUTO_INCREMENT",
            "LOCAL_TYPE_NAME",
            "#MINIMUM_SCALE",
            "#MAXIMUM_SCALE",
            "#SQL_DATA_TYPE",
            "#SQL_DATETIME_SUB",
            "#NUM_PREC_RADIX");
    for (String name :
        List.of(
            "boolean",
            "smallint",
            "integer",
            "bigint",
            "numeric",
            "real",
            "double precision",
            "character",
            "character varying",
            "text",
            "bytea",
            "date",
            "time without time zone",
            "timestamp without time zone",
            "timestamp with time zone",
            "interval",
            "uuid")) {
      JdbcType type = JdbcType.of(name);
      String quote = type.isNumber() || type.code() == Types.BOOLEAN ? null : "'";
      rows.add(
          type.name(),
          type.code(),
          type.precision(),
          quote,
          quote,
          name.equals("numeric") ? "precision,scale" : type.isText() ? "length" : null,
          Integer.valueOf(typeNullable),
          type.isText() ? "t" : "f",
          Integer.valueOf(typeSearchable),
          "f",
          "f",
          "f",
          name,
          0,
          type.scale(),
          null,
          null,
          10);
    }
    return rows.sort(2).results();
  }

  // Keys and indexes.

  @Override
  public ResultSet getPrimaryKeys(@Nullable String catalog, @Nullable String schema, String table)
      throws SQLException {
    return keys.primaryKeys(schema, table);
  }

  @Override
  public ResultSet getImportedKeys(@Nullable String catalog, @Nullable String schema, String table)
      throws SQLException {
    return keys.foreignKeys(null, null, schema, table, false);
  }

  @Override
  public ResultSet getExportedKeys(@Nullable String catalog, @Nullable String schema, String table)
      throws SQLException {
    return keys.foreignKeys(schema, table, null, null, true);
  }

  @Override
  public ResultSet getCrossReference(
      @Nullable String parentCatalog,
      @Nullable String parentSchema,
      @Nullable String parentTable,
      @Nullable String foreignCatalog,
      @Nullable String foreignSchema,
      @Nullable String foreignTable)
      throws SQLException {
    return keys.foreignKeys(parentSchema, parentTable, foreignSchema, foreignTable, true);
  }

  @Override
  public ResultSet getIndexInfo(
      @Nullable String catalog,
      @Nullable String schema,
      String table,
      boolean unique,
      boolean approximate)
      throws SQLException {
    return keys.indexes(schema, table, unique);
  }

  @Override
  public ResultSet getBestRowIdentifier(
      @Nullable String catalog, @Nullable String schema, String table, int scope, boolean nullable)
      throws SQLException {
    return keys.bestRowIdentifier(schema, table);
  }

  // What there is none of.

  @Override
  public ResultSet getVersionColumns(
      @Nullable String catalog, @Nullable String schema, String table) {
    return new LocalRows(
            "#SCOPE",
            "COLUMN_NAME",
            "#DATA_TYPE",
            "TYPE_NAME",
            "#COLUMN_SIZE",
            "#BUFFER_LENGTH",
            "#DECIMAL_DIGITS",
            "#PSEUDO_COLUMN")
        .results();
  }

  @Override
  public ResultSet getProcedures(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String namePattern) {
    return new LocalRows(
            "PROCEDURE_CAT",
            "PROCEDURE_SCHEM",
            "PROCEDURE_NAME",
            "RESERVED1",
            "RESERVED2",
            "RESERVED3",
            "REMARKS",
            "#PROCEDURE_TYPE",
            "SPECIFIC_NAME")
        .results();
  }

  @Override
  public ResultSet getProcedureColumns(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String namePattern,
      @Nullable String columnNamePattern) {
    return new LocalRows("PROCEDURE_CAT", "PROCEDURE_SCHEM", "PROCEDURE_NAME", "COLUMN_NAME")
        .results();
  }

  @Override
  public ResultSet getFunctions(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String namePattern) {
    return new LocalRows(
            "FUNCTION_CAT",
            "FUNCTION_SCHEM",
            "FUNCTION_NAME",
            "REMARKS",
            "#FUNCTION_TYPE",
            "SPECIFIC_NAME")
        .results();
  }

  @Override
  public ResultSet getFunctionColumns(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String namePattern,
      @Nullable String columnNamePattern) {
    return new LocalRows("FUNCTION_CAT", "FUNCTION_SCHEM", "FUNCTION_NAME", "COLUMN_NAME")
        .results();
  }

  @Override
  public ResultSet getColumnPrivileges(
      @Nullable String catalog,
      @Nullable String schema,
      String table,
      @Nullable String columnNamePattern) {
    return new LocalRows(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME",
            "COLUMN_NAME",
            "GRANTOR",
            "GRANTEE",
            "PRIVILEGE",
            "IS_GRANTABLE")
        .results();
  }

  @Override
  public ResultSet getTablePrivileges(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String namePattern) {
    return new LocalRows(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME",
            "GRANTOR",
            "GRANTEE",
            "PRIVILEGE",
            "IS_GRANTABLE")
        .results();
  }

  @Override
  public ResultSet getUDTs(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String typeNamePattern,
      int @Nullable [] types) {
    return new LocalRows(
            "TYPE_CAT",
            "TYPE_SCHEM",
            "TYPE_NAME",
            "CLASS_NAME",
            "#DATA_TYPE",
            "REMARKS",
            "#BASE_TYPE")
        .results();
  }

  @Override
  public ResultSet getSuperTypes(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String namePattern) {
    return new LocalRows("TYPE_CAT", "TYPE_SCHEM", "TYPE_NAME", "SUPERTYPE_NAME").results();
  }

  @Override
  public ResultSet getSuperTables(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String namePattern) {
    return new LocalRows("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "SUPERTABLE_NAME").results();
  }

  @Override
  public ResultSet getAttributes(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String typeNamePattern,
      @Nullable String attributeNamePattern) {
    return new LocalRows("TYPE_CAT", "TYPE_SCHEM", "TYPE_NAME", "ATTR_NAME").results();
  }

  @Override
  public ResultSet getPseudoColumns(
      @Nullable String catalog,
      @Nullable String schemaPattern,
      @Nullable String tableNamePattern,
      @Nullable String columnNamePattern) {
    return new LocalRows("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME").results();
  }

  @Override
  public ResultSet getClientInfoProperties() {
    return new LocalRows("NAME", "#MAX_LEN", "DEFAULT_VALUE", "DESCRIPTION")
        .add("ApplicationName", 0, "", "The name of the application.")
        .results();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw SqlExceptions.invalid("This is no " + type.getName() + ".");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
