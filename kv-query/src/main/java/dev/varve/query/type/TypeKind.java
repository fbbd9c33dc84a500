// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

/** The kinds of SQL type, each with PostgreSQL's name, its category and how its values are kept. */
public enum TypeKind {
  /** A literal in quotes, a NULL or a parameter whose type is not settled yet. */
  UNKNOWN("unknown", Category.UNKNOWN, Storage.BYTES),
  BOOLEAN("boolean", Category.BOOLEAN, Storage.BOOLEAN),
  SMALLINT("smallint", Category.NUMBER, Storage.INT),
  INTEGER("integer", Category.NUMBER, Storage.INT),
  BIGINT("bigint", Category.NUMBER, Storage.LONG),
  NUMERIC("numeric", Category.NUMBER, Storage.NUMERIC),
  REAL("real", Category.NUMBER, Storage.DOUBLE),
  DOUBLE("double precision", Category.NUMBER, Storage.DOUBLE),
  TEXT("text", Category.STRING, Storage.BYTES),
  VARCHAR("character varying", Category.STRING, Storage.BYTES),
  CHAR("character", Category.STRING, Storage.BYTES),
  BYTEA("bytea", Category.BINARY, Storage.BYTES),
  DATE("date", Category.DATETIME, Storage.INT),
  TIME("time without time zone", Category.DATETIME, Storage.LONG),
  TIMESTAMP("timestamp without time zone", Category.DATETIME, Storage.LONG),
  TIMESTAMPTZ("timestamp with time zone", Category.DATETIME, Storage.LONG),
  INTERVAL("interval", Category.TIMESPAN, Storage.INTERVAL),
  UUID("uuid", Category.IDENTIFIER, Storage.UUID);

  /** Families of types; overload resolution prefers candidates within a family. */
  public enum Category {
    UNKNOWN,
    BOOLEAN,
    NUMBER,
    STRING,
    BINARY,
    DATETIME,
    TIMESPAN,
    IDENTIFIER
  }

  /** How a vector keeps values of the type. */
  public enum Storage {
    BOOLEAN,
    INT,
    LONG,
    DOUBLE,
    NUMERIC,
    BYTES,
    INTERVAL,
    UUID
  }

  private final String sqlName;
  private final Category category;
  private final Storage storage;

  TypeKind(String sqlName, Category category, Storage storage) {
    this.sqlName = sqlName;
    this.category = category;
    this.storage = storage;
  }

  /** The name PostgreSQL prints, without modifiers. */
  public String sqlName() {
    return sqlName;
  }

  /** The family. */
  public Category category() {
    return category;
  }

  /** How vectors keep it. */
  public Storage storage() {
    return storage;
  }

  /** Whether values are UTF-8 text. */
  public boolean isText() {
    return category == Category.STRING || this == UNKNOWN;
  }

  /** Whether it is SMALLINT, INTEGER or BIGINT. */
  public boolean isInteger() {
    return this == SMALLINT || this == INTEGER || this == BIGINT;
  }

  /** Whether it is REAL or DOUBLE PRECISION. */
  public boolean isFloat() {
    return this == REAL || this == DOUBLE;
  }

  /** Whether it is a number. */
  public boolean isNumber() {
    return category == Category.NUMBER;
  }

  /** Whether overload resolution prefers it within its family. */
  public boolean isPreferred() {
    return this == BOOLEAN
        || this == DOUBLE
        || this == TEXT
        || this == TIMESTAMPTZ
        || this == INTERVAL;
  }
}
