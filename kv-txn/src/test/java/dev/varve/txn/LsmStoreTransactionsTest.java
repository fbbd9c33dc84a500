// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Durability;
import dev.varve.Options;
import dev.varve.core.file.InMemoryFileSystem;
import dev.varve.core.metrics.Metrics;
import dev.varve.core.store.TransactionalStore;
import dev.varve.lsm.LsmOptions;
import dev.varve.lsm.LsmStore;
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
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/** The contracts over the storage engine, in memory. */
class LsmStoreTransactionsTest {
  private static TransactionalStore store(Options options) {
    LsmStore lsm =
        LsmStore.open(
            new InMemoryFileSystem(),
            Path.of("/db"),
            LsmOptions.defaults().memTableBytes(1 << 20).timestamps(new HybridLogicalClock()));
    return new OwningStore(TransactionManager.open(lsm, options, new Metrics()), lsm::close);
  }

  @Nested
  class KeysAndValues extends KeyValueContract {
    @Override
    protected TransactionalStore open(Options options) {
      return LsmStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Isolation extends IsolationContract {
    @Override
    protected TransactionalStore open(Options options) {
      return LsmStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Locks extends LockContract {
    @Override
    protected TransactionalStore open(Options options) {
      return LsmStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Savepoints extends SavepointContract {
    @Override
    protected TransactionalStore open(Options options) {
      return LsmStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Prepared extends PreparedContract {
    @Override
    protected TransactionalStore open(Options options) {
      return LsmStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Keyspaces extends KeyspaceContract {
    @Override
    protected TransactionalStore open(Options options) {
      return LsmStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Indexes extends IndexContract {
    @Override
    protected TransactionalStore open(Options options) {
      return LsmStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Misuse extends MisuseContract {
    @Override
    protected TransactionalStore open(Options options) {
      return LsmStoreTransactionsTest.store(options);
    }
  }

  @Nested
  class Histories extends HistoryContract {
    @Override
    protected TransactionalStore open(Options options) {
      return LsmStoreTransactionsTest.store(options.durability(Durability.ASYNC));
    }

    @Override
    protected int transactions() {
      return 8_000;
    }
  }
}
