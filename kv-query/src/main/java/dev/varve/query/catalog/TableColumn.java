// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.query.type.SqlType;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param slot where it stands in a stored row; other than its place in the table once columns have
 *     been dropped
 * @param notNull whether NULL is refused
 * @param defaultText the expression of DEFAULT as SQL text, or null
 * @param identity whether and how it is an identity column
 * @param generatedText the expression of GENERATED ALWAYS AS (..) STORED, or null
 * @param sequence the id of the sequence that SERIAL or IDENTITY made for it, or 0
 * @param comment COMMENT ON COLUMN, or null
 */
public record TableColumn(
    String name,
    SqlType type,
    int slot,
    boolean notNull,
    @Nullable String defaultText,
    Identity identity,
    @Nullable String generatedText,
    int sequence,
    @Nullable String comment) {

  /** How values of an identity column come about. */
  public enum Identity {
    NONE,
    ALWAYS,
    BY_DEFAULT
  }

  /** A column with nothing but name and type. */
  public static TableColumn of(String name, SqlType type, int slot) {
    return new TableColumn(name, type, slot, false, null, Identity.NONE, null, 0, null);
  }

  public TableColumn withName(String newName) {
    return new TableColumn(
        newName, type, slot, notNull, defaultText, identity, generatedText, sequence, comment);
  }

  public TableColumn withType(SqlType newType) {
    return new TableColumn(
        name, newType, slot, notNull, defaultText, identity, generatedText, sequence, comment);
  }

  public TableColumn withSlot(int newSlot) {
    return new TableColumn(
        name, type, newSlot, notNull, defaultText, identity, generatedText, sequence, comment);
  }

  public TableColumn withNotNull(boolean refuseNull) {
    return new TableColumn(
        name, type, slot, refuseNull, defaultText, identity, generatedText, sequence, comment);
  }

  public TableColumn withDefault(@Nullable String text) {
    return new TableColumn(
        name, type, slot, notNull, text, identity, generatedText, sequence, comment);
  }

  public TableColumn withGenerated(@Nullable String text) {
    return new TableColumn(
        name, type, slot, notNull, defaultText, identity, text, sequence, comment);
  }

  public TableColumn withIdentity(Identity newIdentity, int newSequence) {
    return new TableColumn(
        name, type, slot, notNull, defaultText, newIdentity, generatedText, newSequence, comment);
  }

  public TableColumn withComment(@Nullable String text) {
    return new TableColumn(
        name, type, slot, notNull, defaultText, identity, generatedText, sequence, text);
  }
}
