// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.record;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads records one after another. One thread; the caller closes it. */
public interface RecordSource extends AutoCloseable {
  /**
   * Moves to the next record; false at the end.
   *
   * @throws BadRecordException if it cannot be read; the next call goes on behind it
   */
  boolean next() throws IOException;

  /** The names of the current record's columns. */
  List<String> columns();

  /** The values as text, null for NULL. */
  List<@Nullable String> values();

  /** The line the record begins at, from 1. */
  long line();

  /** How far into the file it is, in bytes or so. */
  long position();

  /** The record as it stands in the file. */
  String text();

  @Override
  void close() throws IOException;
}
