// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import org.jspecify.annotations.Nullable;

/** What functions such as nextval() and current_schema() ask of the session that runs them. */
public interface SessionFunctions {
  /** No session: every sequence is unknown. */
  SessionFunctions NONE = new SessionFunctions() {};

  /** Advances a sequence. */
  default long nextValue(String sequence) {
    throw noSequence(sequence);
  }

  /** The value this session last took from a sequence. */
  default long currentValue(String sequence) {
    throw noSequence(sequence);
  }

  /** The value this session last took from any sequence. */
  default long lastValue() {
    throw ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE
        .error("No value was taken from a sequence in this session yet.")
        .build();
  }

  /** Sets a sequence; with {@code called} the next value follows {@code value}. */
  default long setValue(String sequence, long value, boolean called) {
    throw noSequence(sequence);
  }

  /** The name of the user. */
  default String user() {
    return "varve";
  }

  /** The name of the database. */
  default String database() {
    return "varve";
  }

  /** The schema in which tables are created. */
  default String schema() {
    return "public";
  }

  /** A setting's value, or null when there is no such setting. */
  default @Nullable String setting(String name) {
    return null;
  }

  private static VarveException noSequence(String sequence) {
    return ErrorCode.UNDEFINED_TABLE.error("Sequence \"" + sequence + "\" does not exist.").build();
  }
}
