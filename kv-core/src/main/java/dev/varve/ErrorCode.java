// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.util.Objects;

/**
 * What went wrong, from a closed set. A code belongs to a {@link Category}, which tells the caller
 * what to do, and carries the SQLSTATE that PostgreSQL gives the same failure.
 */
public enum ErrorCode {
  // The caller's data or request.
  INVALID_ARGUMENT(Category.USER, "22023"),
  KEY_TOO_LONG(Category.USER, "54000"),
  VALUE_TOO_LONG(Category.USER, "54000"),
  LIMIT_EXCEEDED(Category.USER, "54000"),
  STATEMENT_TOO_COMPLEX(Category.USER, "54001"),
  TOO_MANY_COLUMNS(Category.USER, "54011"),
  READ_ONLY(Category.USER, "25006"),
  NOT_FOUND(Category.USER, "02000"),
  ALREADY_EXISTS(Category.USER, "42710"),
  DATABASE_NOT_FOUND(Category.USER, "3D000"),
  NOT_A_DATABASE(Category.USER, "3D000"),
  NEWER_FORMAT(Category.USER, "0A000"),
  NOT_SUPPORTED(Category.USER, "0A000"),
  TRANSACTION_STATE(Category.USER, "25000"),
  ACTIVE_TRANSACTION(Category.USER, "25001"),
  NO_ACTIVE_TRANSACTION(Category.USER, "25P01"),
  TRANSACTION_ABORTED(Category.USER, "25P02"),
  INVALID_SAVEPOINT(Category.USER, "3B001"),
  SNAPSHOT_TOO_OLD(Category.USER, "72000"),
  EXTRACTOR_MISSING(Category.USER, "55000"),
  OBJECT_NOT_IN_PREREQUISITE_STATE(Category.USER, "55000"),
  OBJECT_IN_USE(Category.USER, "55006"),
  SYNTAX_ERROR(Category.USER, "42601"),
  UNDEFINED_TABLE(Category.USER, "42P01"),
  UNDEFINED_COLUMN(Category.USER, "42703"),
  UNDEFINED_FUNCTION(Category.USER, "42883"),
  UNDEFINED_OBJECT(Category.USER, "42704"),
  UNDEFINED_PARAMETER(Category.USER, "42P02"),
  UNDEFINED_SCHEMA(Category.USER, "3F000"),
  UNDEFINED_STATEMENT(Category.USER, "26000"),
  UNDEFINED_CURSOR(Category.USER, "34000"),
  DUPLICATE_TABLE(Category.USER, "42P07"),
  DUPLICATE_COLUMN(Category.USER, "42701"),
  DUPLICATE_ALIAS(Category.USER, "42712"),
  DUPLICATE_OBJECT(Category.USER, "42710"),
  DUPLICATE_SCHEMA(Category.USER, "42P06"),
  DUPLICATE_FUNCTION(Category.USER, "42723"),
  DUPLICATE_STATEMENT(Category.USER, "42P05"),
  AMBIGUOUS_COLUMN(Category.USER, "42702"),
  AMBIGUOUS_FUNCTION(Category.USER, "42725"),
  AMBIGUOUS_ALIAS(Category.USER, "42P09"),
  GROUPING_ERROR(Category.USER, "42803"),
  WINDOWING_ERROR(Category.USER, "42P20"),
  DATATYPE_MISMATCH(Category.USER, "42804"),
  WRONG_OBJECT_TYPE(Category.USER, "42809"),
  INDETERMINATE_DATATYPE(Category.USER, "42P18"),
  CANNOT_COERCE(Category.USER, "42846"),
  INVALID_NAME(Category.USER, "42602"),
  INVALID_COLUMN_REFERENCE(Category.USER, "42P10"),
  INVALID_COLUMN_DEFINITION(Category.USER, "42611"),
  INVALID_TABLE_DEFINITION(Category.USER, "42P16"),
  INVALID_OBJECT_DEFINITION(Category.USER, "42P17"),
  INVALID_RECURSION(Category.USER, "42P19"),
  INVALID_FOREIGN_KEY(Category.USER, "42830"),
  RESERVED_NAME(Category.USER, "42939"),
  DEPENDENT_OBJECTS(Category.USER, "2BP01"),
  INSUFFICIENT_PRIVILEGE(Category.USER, "42501"),
  CARDINALITY_VIOLATION(Category.USER, "21000"),
  NUMERIC_OUT_OF_RANGE(Category.USER, "22003"),
  DIVISION_BY_ZERO(Category.USER, "22012"),
  INVALID_TEXT_REPRESENTATION(Category.USER, "22P02"),
  INVALID_BINARY_REPRESENTATION(Category.USER, "22P03"),
  INVALID_DATETIME_FORMAT(Category.USER, "22007"),
  DATETIME_OVERFLOW(Category.USER, "22008"),
  INTERVAL_OVERFLOW(Category.USER, "22015"),
  STRING_TRUNCATION(Category.USER, "22001"),
  SUBSTRING_ERROR(Category.USER, "22011"),
  INVALID_ESCAPE_SEQUENCE(Category.USER, "22025"),
  INVALID_ESCAPE_CHARACTER(Category.USER, "22019"),
  INVALID_REGULAR_EXPRESSION(Category.USER, "2201B"),
  INVALID_LIMIT(Category.USER, "2201W"),
  INVALID_OFFSET(Category.USER, "2201X"),
  INVALID_LOGARITHM_ARGUMENT(Category.USER, "2201E"),
  INVALID_POWER_ARGUMENT(Category.USER, "2201F"),
  INVALID_WIDTH_BUCKET_ARGUMENT(Category.USER, "2201G"),
  INVALID_TIME_ZONE_DISPLACEMENT(Category.USER, "22009"),
  INDEX_OUT_OF_RANGE(Category.USER, "2202E"),
  INVALID_NTILE_ARGUMENT(Category.USER, "22014"),
  INVALID_NTH_VALUE_ARGUMENT(Category.USER, "22016"),
  INVALID_FRAME(Category.USER, "22013"),
  NULL_NOT_ALLOWED(Category.USER, "22004"),
  CHARACTER_NOT_IN_REPERTOIRE(Category.USER, "22021"),
  SEQUENCE_LIMIT(Category.USER, "2200H"),
  GENERATED_ALWAYS(Category.USER, "428C9"),
  NOT_NULL_VIOLATION(Category.USER, "23502"),
  FOREIGN_KEY_VIOLATION(Category.USER, "23503"),
  UNIQUE_VIOLATION(Category.USER, "23505"),
  CHECK_VIOLATION(Category.USER, "23514"),
  CHECK_OPTION_VIOLATION(Category.USER, "44000"),
  EXCLUSION_VIOLATION(Category.USER, "23P01"),
  QUERY_CANCELED(Category.USER, "57014"),
  EXTERNAL_ROUTINE(Category.USER, "38000"),

  // Another transaction got in the way: roll back and try again.
  WRITE_CONFLICT(Category.CONFLICT, "40001"),
  SERIALIZATION_FAILURE(Category.CONFLICT, "40001"),
  DEADLOCK(Category.CONFLICT, "40P01"),
  LOCK_TIMEOUT(Category.CONFLICT, "55P03"),

  // Bytes on disk are not what was written.
  CORRUPTION(Category.CORRUPTION, "XX001"),

  // The operating system refused.
  IO(Category.IO, "58030"),
  DATABASE_LOCKED(Category.IO, "55006"),

  // A bound was reached.
  DISK_FULL(Category.RESOURCES, "53100"),
  OUT_OF_MEMORY(Category.RESOURCES, "53200"),

  // The object was closed before the call.
  CLOSED(Category.CLOSED, "08003"),

  // A defect of Varve.
  INTERNAL(Category.INTERNAL, "XX000");

  /** Who has to act, and how. */
  public enum Category {
    /** The request or its data is at fault; change it. */
    USER,
    /** Another transaction got in the way; roll back and try again. */
    CONFLICT,
    /** Stored bytes are damaged; restore a backup or salvage. */
    CORRUPTION,
    /** The operating system refused; see the cause. */
    IO,
    /** Memory or disk space ran out; make room. */
    RESOURCES,
    /** The object was closed before the call. */
    CLOSED,
    /** A defect of Varve; report it. */
    INTERNAL
  }

  private final Category category;
  private final String sqlState;

  ErrorCode(Category category, String sqlState) {
    this.category = Objects.requireNonNull(category);
    this.sqlState = sqlState;
  }

  /** Who has to act, and how. */
  public Category category() {
    return category;
  }

  /** The five characters of the SQLSTATE, as PostgreSQL assigns them. */
  public String sqlState() {
    return sqlState;
  }

  /** Starts an exception with this code whose first sentence is {@code sentence}. */
  public VarveException.Builder error(String sentence) {
    return new VarveException.Builder(this, sentence);
  }
}
