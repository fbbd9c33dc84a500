// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import dev.varve.Column;
import dev.varve.Row;
import dev.varve.Rows;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows as JDBC reads them: streamed when only moving forward, kept in memory when scrolling. One thread
 * at a time.
 */
final class VarveResultSet extends LabelledResultSet {
  private final @Nullable VarveStatement statement;
  private final Rows rows;
  private final List<Column> columns;
  private final JdbcType[] types;
  private final ResultCursor cursor;
  private boolean wasNull;
  private boolean closed;
  private int fetchSize;

  /** Over {@code rows}, which it closes; {@code maxRows} of them, or all when 0. */
  VarveResultSet(
      @Nullable VarveStatement statement, Rows rows, boolean scrolls, long maxRows, int fetchSize) {
    this.statement = statement;
    this.rows = rows;
    this.columns = rows.columns();
    this.fetchSize = fetchSize;
    this.types = new JdbcType[columns.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = JdbcType.of(columns.get(i).typeName());
    }
    this.cursor =
        scrolls ? ResultCursor.scrolling(rows, maxRows) : ResultCursor.forward(rows, maxRows);
  }

  /** Over rows that are there: generated keys of several statements. */
  VarveResultSet(@Nullable VarveStatement statement, List<Column> columns, List<Cells> kept) {
    this.statement = statement;
    this.rows = new NoRows(columns);
    this.columns = columns;
    this.types = new JdbcType[columns.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = JdbcType.of(columns.get(i).typeName());
    }
    this.cursor = ResultCursor.over(kept);
  }

  List<Column> columns() {
    return columns;
  }

  /** All rows, which are in memory. */
  List<Cells> keptCells() {
    return cursor.all();
  }

  private record NoRows(List<Column> columns) implements Rows {
    @Override
    public Iterator<Row> iterator() {
      return new ArrayList<Row>().iterator();
    }

    @Override
    public void close() {}
  }

  private void refuseClosed() throws SQLException {
    if (closed) {
      throw SqlExceptions.closed("result set");
    }
  }

  private Cells cells() throws SQLException {
    refuseClosed();
    Cells cells = cursor.current();
    if (cells == null) {
      throw new SQLException("The result set is not on a row: call next first.", "24000");
    }
    return cells;
  }

  private int index(int column) throws SQLException {
    if (column < 1 || column > types.length) {
      throw new SQLException(
          "There is no column " + column + "; the result has " + types.length + ".", "42703");
    }
    return column - 1;
  }

  private @Nullable Object value(int column) throws SQLException {
    Object value = cells().object(index(column));
    wasNull = value == null;
    return value;
  }

  // Moving.

  @Override
  public boolean next() throws SQLException {
    refuseClosed();
    return SqlExceptions.translate(cursor::next);
  }

  @Override
  public boolean previous() throws SQLException {
    return move(cursor.position() - 1);
  }

  @Override
  public boolean first() throws SQLException {
    return move(1);
  }

  @Override
  public boolean last() throws SQLException {
    return move(-1);
  }

  @Override
  public void beforeFirst() throws SQLException {
    move(0);
  }

  @Override
  public void afterLast() throws SQLException {
    refuseClosed();
    cursor.moveTo(cursor.count() + 1);
  }

  @Override
  public boolean absolute(int row) throws SQLException {
    return move(row);
  }

  @Override
  public boolean relative(int by) throws SQLException {
    return by == 0 ? cursor.current() != null : move(Math.max(0, cursor.position() + by));
  }

  private boolean move(long to) throws SQLException {
    refuseClosed();
    return cursor.moveTo(to < 0 ? Math.max(0, cursor.count() + 1 + to) : to);
  }

  @Override
  public boolean isBeforeFirst() throws SQLException {
    refuseClosed();
    return cursor.isBeforeFirst();
  }

  @Override
  public boolean isAfterLast() throws SQLException {
    refuseClosed();
    return cursor.isAfterLast();
  }

  @Override
  public boolean isFirst() throws SQLException {
    refuseClosed();
    return cursor.current() != null && cursor.position() == 1;
  }

  @Override
  public boolean isLast() throws SQLException {
    refuseClosed();
    return SqlExceptions.translate(cursor::isLast);
  }

  @Override
  public int getRow() throws SQLException {
    refuseClosed();
    return cursor.current() == null ? 0 : (int) cursor.position();
  }

  @Override
  public void close() throws SQLException {
    if (!closed) {
      closed = true;
      SqlExceptions.run(rows::close);
      if (statement != null) {
        statement.closed(this);
      }
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  // Values.

  @Override
  public boolean wasNull() throws SQLException {
    refuseClosed();
    return wasNull;
  }

  @Override
  public @Nullable String getString(int column) throws SQLException {
    String text = cells().text(index(column));
    wasNull = text == null;
    return text;
  }

  @Override
  public boolean getBoolean(int column) throws SQLException {
    Object value = value(column);
    return value != null && Conversions.flag(value);
  }

  private long integer(int column, long least, long most, String type) throws SQLException {
    Object value = value(column);
    return value == null ? 0 : Conversions.integer(value, least, most, type);
  }

  @Override
  public byte getByte(int column) throws SQLException {
    return (byte) integer(column, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte");
  }

  @Override
  public short getShort(int column) throws SQLException {
    return (short) integer(column, Short.MIN_VALUE, Short.MAX_VALUE, "short");
  }

  @Override
  public int getInt(int column) throws SQLException {
    if (cells() instanceof Cells.Live live && types[index(column)].code() == Types.INTEGER) {
      wasNull = live.isNull(column - 1);
      return wasNull ? 0 : live.row().getInt(column - 1);
    }
    return (int) integer(column, Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
  }

  @Override
  public long getLong(int column) throws SQLException {
    if (cells() instanceof Cells.Live live && types[index(column)].code() == Types.BIGINT) {
      wasNull = live.isNull(column - 1);
      return wasNull ? 0 : live.row().getLong(column - 1);
    }
    return integer(column, Long.MIN_VALUE, Long.MAX_VALUE, "long");
  }

  @Override
  public float getFloat(int column) throws SQLException {
    return (float) getDouble(column);
  }

  @Override
  public double getDouble(int column) throws SQLException {
    Object value = value(column);
    return value == null ? 0 : Conversions.real(value);
  }

  @Override
  public @Nullable BigDecimal getBigDecimal(int column) throws SQLException {
    Object value = value(column);
    return value == null ? null : Conversions.decimal(value);
  }

  @Override
  @Deprecated
  public @Nullable BigDecimal getBigDecimal(int column, int scale) throws SQLException {
    BigDecimal value = getBigDecimal(column);
    return value == null ? null : value.setScale(scale, RoundingMode.HALF_UP);
  }

  @Override
  public byte @Nullable [] getBytes(int column) throws SQLException {
    Object value = value(column);
    return value == null ? null : Conversions.bytes(value);
  }

  private static ZoneId zone(@Nullable Calendar calendar) {
    return calendar == null ? ZoneId.systemDefault() : calendar.getTimeZone().toZoneId();
  }

  @Override
  public @Nullable Date getDate(int column) throws SQLException {
    return getDate(column, null);
  }

  @Override
  public @Nullable Date getDate(int column, @Nullable Calendar calendar) throws SQLException {
    Object value = value(column);
    return value == null ? null : Conversions.date(value, zone(calendar));
  }

  @Override
  public @Nullable Time getTime(int column) throws SQLException {
    return getTime(column, null);
  }

  @Override
  public @Nullable Time getTime(int column, @Nullable Calendar calendar) throws SQLException {
    Object value = value(column);
    return value == null ? null : Conversions.time(value, zone(calendar));
  }

  @Override
  public @Nullable Timestamp getTimestamp(int column) throws SQLException {
    return getTimestamp(column, null);
  }

  @Override
  public @Nullable Timestamp getTimestamp(int column, @Nullable Calendar calendar)
      throws SQLException {
    Object value = value(column);
    return value == null ? null : Conversions.timestamp(value, zone(calendar));
  }

  @Override
  public @Nullable Object getObject(int column) throws SQLException {
    Object value = value(column);
    if (value == null) {
      return null;
    }
    return switch (types[column - 1].code()) {
      case Types.SMALLINT -> ((Number) value).intValue();
      case Types.DATE -> Conversions.date(value, ZoneId.systemDefault());
      case Types.TIME -> Conversions.time(value, ZoneId.systemDefault());
      case Types.TIMESTAMP -> Conversions.timestamp(value, ZoneId.systemDefault());
      default -> value;
    };
  }

  @Override
  public @Nullable Object getObject(int column, Map<String, Class<?>> map) throws SQLException {
    if (map != null && !map.isEmpty()) {
      throw SqlExceptions.unsupported("A map of types");
    }
    return getObject(column);
  }

  @Override
  public <T> @Nullable T getObject(int column, Class<T> type) throws SQLException {
    if (type == null) {
      throw SqlExceptions.invalid("The type is null.");
    }
    Object value = value(column);
    if (value == null) {
      return null;
    }
    return type == Object.class
        ? type.cast(getObject(column))
        : Conversions.to(value, cells().text(column - 1), type);
  }

  @Override
  public @Nullable InputStream getAsciiStream(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  @Deprecated
  public @Nullable InputStream getUnicodeStream(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public @Nullable InputStream getBinaryStream(int column) throws SQLException {
    byte[] bytes = getBytes(column);
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  @Override
  public @Nullable Reader getCharacterStream(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new StringReader(text);
  }

  @Override
  public @Nullable Reader getNCharacterStream(int column) throws SQLException {
    return getCharacterStream(column);
  }

  @Override
  public @Nullable String getNString(int column) throws SQLException {
    return getString(column);
  }

  @Override
  public Ref getRef(int column) throws SQLException {
    throw SqlExceptions.unsupported("REF");
  }

  @Override
  public Blob getBlob(int column) throws SQLException {
    throw SqlExceptions.unsupported("BLOB; read BYTEA with getBytes, which");
  }

  @Override
  public Clob getClob(int column) throws SQLException {
    throw SqlExceptions.unsupported("CLOB; read TEXT with getString, which");
  }

  @Override
  public NClob getNClob(int column) throws SQLException {
    throw SqlExceptions.unsupported("NCLOB");
  }

  @Override
  public Array getArray(int column) throws SQLException {
    throw SqlExceptions.unsupported("ARRAY");
  }

  @Override
  public URL getURL(int column) throws SQLException {
    throw SqlExceptions.unsupported("DATALINK");
  }

  @Override
  public RowId getRowId(int column) throws SQLException {
    throw SqlExceptions.unsupported("ROWID");
  }

  @Override
  public SQLXML getSQLXML(int column) throws SQLException {
    throw SqlExceptions.unsupported("XML");
  }

  // About itself.

  @Override
  public int findColumn(String label) throws SQLException {
    refuseClosed();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(label)) {
        return i + 1;
      }
    }
    throw new SQLException("The result has no column \"" + label + "\".", "42703");
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    refuseClosed();
    return new ResultColumns(columns);
  }

  @Override
  public @Nullable Statement getStatement() throws SQLException {
    refuseClosed();
    return statement;
  }

  @Override
  public int getType() {
    return cursor.scrolls() ? ResultSet.TYPE_SCROLL_INSENSITIVE : ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public int getConcurrency() {
    return ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public int getHoldability() {
    return ResultSet.HOLD_CURSORS_OVER_COMMIT;
  }

  @Override
  public int getFetchDirection() {
    return ResultSet.FETCH_FORWARD;
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    if (direction != ResultSet.FETCH_FORWARD && !cursor.scrolls()) {
      throw SqlExceptions.invalid("The result set only moves forward.");
    }
  }

  @Override
  public int getFetchSize() {
    return fetchSize;
  }

  @Override
  public void setFetchSize(int rowCount) throws SQLException {
    if (rowCount < 0) {
      throw SqlExceptions.invalid("A fetch size cannot be negative.");
    }
    fetchSize = rowCount;
  }

  @Override
  public String getCursorName() throws SQLException {
    throw SqlExceptions.unsupported("A cursor's name");
  }

  @Override
  public @Nullable SQLWarning getWarnings() {
    return null;
  }

  @Override
  public void clearWarnings() {}

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    if (type.isInstance(rows)) {
      return type.cast(rows);
    }
    throw SqlExceptions.invalid("This is no " + type.getName() + ".");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this) || type.isInstance(rows);
  }
}
