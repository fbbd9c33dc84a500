// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.Vector;
import java.util.Arrays;

/** The keys of rows as plans hand them over: a hidden column of bytes. */
public final class RowKeys {
  /** The name of the hidden column. */
  public static final String COLUMN = "$rowkey";

  private RowKeys() {}

  /** A copy of the key in {@code row}. */
  public static byte[] copy(Vector keys, int row) {
    BytesVector bytes = (BytesVector) keys;
    int offset = bytes.offsets[row];
    return Arrays.copyOfRange(bytes.bytes, offset, offset + bytes.lengths[row]);
  }
}
