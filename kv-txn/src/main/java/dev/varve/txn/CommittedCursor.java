// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.core.store.EntryBatch;
import java.nio.ByteBuffer;

/** A cursor over what is committed: the store's, without the keyspace prefix. */
final class CommittedCursor extends ManagedCursor {
  CommittedCursor(Reader reader, OpenScan scan) {
    super(reader, scan);
  }

  @Override
  public boolean next() {
    checkOpen();
    return scan.moved(scan.committed.next());
  }

  @Override
  public boolean seek(byte[] key) {
    checkOpen();
    byte[] physical = physical(key);
    scan.seeks(physical);
    return scan.moved(scan.committed.seek(physical));
  }

  @Override
  public int next(EntryBatch batch) {
    checkOpen();
    int count = scan.committed.next(batch);
    batch.hideKeyPrefix(prefixBytes);
    scan.moved(count > 0);
    return count;
  }

  @Override
  public byte[] key() {
    checkOnEntry();
    ByteBuffer physical = scan.committed.keyBuffer();
    byte[] key = new byte[physical.remaining() - prefixBytes];
    physical.get(physical.position() + prefixBytes, key);
    return key;
  }

  @Override
  public byte[] value() {
    checkOnEntry();
    return scan.committed.value();
  }

  @Override
  public ByteBuffer keyBuffer() {
    checkOnEntry();
    ByteBuffer physical = scan.committed.keyBuffer();
    return physical.slice(physical.position() + prefixBytes, physical.remaining() - prefixBytes);
  }

  @Override
  public ByteBuffer valueBuffer() {
    checkOnEntry();
    return scan.committed.valueBuffer();
  }
}
