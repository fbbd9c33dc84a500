// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import dev.varve.Options;
import dev.varve.core.store.ReferenceStore;
import dev.varve.core.store.TransactionalStore;
import org.junit.jupiter.api.Nested;

class ReferenceStoreTest {
  @Nested
  class KeysAndValues extends KeyValueContract {
    @Override
    protected TransactionalStore open(Options options) {
      return new ReferenceStore(options);
    }
  }

  @Nested
  class Isolation extends IsolationContract {
    @Override
    protected TransactionalStore open(Options options) {
      return new ReferenceStore(options);
    }
  }

  @Nested
  class Locks extends LockContract {
    @Override
    protected TransactionalStore open(Options options) {
      return new ReferenceStore(options);
    }
  }

  @Nested
  class Savepoints extends SavepointContract {
    @Override
    protected TransactionalStore open(Options options) {
      return new ReferenceStore(options);
    }
  }

  @Nested
  class Prepared extends PreparedContract {
    @Override
    protected TransactionalStore open(Options options) {
      return new ReferenceStore(options);
    }
  }

  @Nested
  class Keyspaces extends KeyspaceContract {
    @Override
    protected TransactionalStore open(Options options) {
      return new ReferenceStore(options);
    }
  }

  @Nested
  class Indexes extends IndexContract {
    @Override
    protected TransactionalStore open(Options options) {
      return new ReferenceStore(options);
    }
  }

  @Nested
  class Misuse extends MisuseContract {
    @Override
    protected TransactionalStore open(Options options) {
      return new ReferenceStore(options);
    }
  }

  @Nested
  class Histories extends HistoryContract {
    @Override
    protected TransactionalStore open(Options options) {
      return new ReferenceStore(options);
    }

    @Override
    protected int transactions() {
      return 2000;
    }
  }
}
