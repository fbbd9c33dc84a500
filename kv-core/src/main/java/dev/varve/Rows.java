// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.util.Iterator;
import java.util.List;

/**
 * The result of a query, streamed: rows are computed as they are asked for. One pass, one thread at
 * a time; the caller closes it.
 */
public interface Rows extends Iterable<Row>, AutoCloseable {
  /** The columns, in order. */
  List<Column> columns();

  /** The one iterator over the rows; a second call is an error. */
  @Override
  Iterator<Row> iterator();

  @Override
  void close();
}
