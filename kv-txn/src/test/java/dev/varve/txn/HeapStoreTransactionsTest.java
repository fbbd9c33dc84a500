// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.Durability;
import dev.varve.Options;
import dev.varve.core.metrics.Metrics;
import dev.varve.core.store.TransactionalStore;
import dev.varve.testkit.contract.HistoryContract;
import dev.varve.testkit.contract.IndexContract;
import dev.varve.testkit.contract.IsolationContract;
import dev.varve.testkit.contract.KeyValueContract;
import dev.varve.testkit.contract.KeyspaceContract;
import dev.varve.testkit.contract.LockContract;
import dev.varve.testkit.contract.MisuseContract;
import dev.varve.testkit.contract.PreparedContract;
import dev.varve.testkit.contract.SavepointContract;
import dev.varve.txn.clock.HybridLogicalClock;
import dev.varve.txn.write.WriteSetMemory;
import org.junit.jupiter.api.Nested;

/** The contracts over a store on the heap, with a write set so small that it spills often. */
class HeapStoreTransactionsTest {
  private static final long TINY_BYTES = 1 << 15;

  private static TransactionalStore store(Options options) {
    HeapStore heap = new HeapStore(new HybridLogicalClock());
    TransactionManager manager =
        TransactionManager.open(
            heap,
            options.durability(Durability.NONE),
            new Metrics(),
            new WriteSetMemory(TINY_BYTES));
    return new OwningStore(
        manager,
        () -> {
          assertEquals(heap.openCursors(), heap.pinned(), "pins");
          heap.close();
        });
  }

  @Nested
  class KeysAndValues extends KeyValueContract {
    @Override
    protected TransactionalStore open(Options options) {
      return HeapStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Isolation extends IsolationContract {
    @Override
    protected TransactionalStore open(Options options) {
      return HeapStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Locks extends LockContract {
    @Override
    protected TransactionalStore open(Options options) {
      return HeapStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Savepoints extends SavepointContract {
    @Override
    protected TransactionalStore open(Options options) {
      return HeapStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Prepared extends PreparedContract {
    @Override
    protected TransactionalStore open(Options options) {
      return HeapStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Keyspaces extends KeyspaceContract {
    @Override
    protected TransactionalStore open(Options options) {
      return HeapStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Indexes extends IndexContract {
    @Override
    protected TransactionalStore open(Options options) {
      return HeapStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Misuse extends MisuseContract {
    @Override
    protected TransactionalStore open(Options options) {
      return HeapStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Histories extends HistoryContract {
    @Override
    protected TransactionalStore open(Options options) {
      return HeapStoreTransactionsTest.store(options);
    }
  }
}
