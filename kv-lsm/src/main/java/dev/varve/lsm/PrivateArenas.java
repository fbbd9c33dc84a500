// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.core.file.InMemoryFileSystem;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.lsm.memtable.ArenaPool;
import java.io.IOException;
import java.nio.file.Path;

/** Arenas for memtables that are nobody else's business: in memory, without files. */
final class PrivateArenas {
  private PrivateArenas() {}

  /** A pool that prepares arenas on the thread that asks for them. */
  static ArenaPool create(LsmOptions options, MemoryBudget budget) throws IOException {
    InMemoryFileSystem files = new InMemoryFileSystem();
    Path directory = Path.of("/arenas").toAbsolutePath();
    files.createDirectories(directory);
    return new ArenaPool(files, directory, options.memTableBytes(), budget, Runnable::run);
  }
}
