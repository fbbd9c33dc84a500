// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.ErrorCode;
import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.core.store.BatchCursor;
import java.util.Arrays;

/** What the cursors that users hold have in common: they show user keys, and end with their reader. */
abstract class ManagedCursor implements BatchCursor {
  final Reader reader;
  final OpenScan scan;
  final int prefixBytes;

  ManagedCursor(Reader reader, OpenScan scan) {
    this.reader = reader;
    this.scan = scan;
    this.prefixBytes = KeyspacePrefix.lengthFrom(scan.low()[0]);
  }

  final void checkOpen() {
    reader.checkActive();
    if (scan.isClosed()) {
      throw ErrorCode.CLOSED.error("The cursor is closed.").build();
    }
  }

  final void checkOnEntry() {
    checkOpen();
    if (!scan.isOnEntry()) {
      throw ErrorCode.INVALID_ARGUMENT.error("The cursor stands on no entry.").build();
    }
  }

  final byte[] physical(byte[] userKey) {
    Buffers.checkKeyBytes(userKey.length);
    byte[] physical = Arrays.copyOf(scan.low(), prefixBytes + userKey.length);
    System.arraycopy(userKey, 0, physical, prefixBytes, userKey.length);
    return physical;
  }

  @Override
  public void close() {
    reader.close(scan);
  }
}
