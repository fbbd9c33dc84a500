// SPDX-License-Identifier: Apache-2.0
package dev.varve.database;

import dev.varve.BackupInfo;
import dev.varve.Database;
import dev.varve.DatabaseProvider;
import dev.varve.ErrorCode;
import dev.varve.Options;
import dev.varve.Progress;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.InMemoryFileSystem;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.database.backup.BackupRepository;
import dev.varve.lsm.LsmOptions;
import dev.varve.lsm.LsmStore;
import dev.varve.txn.clock.HybridLogicalClock;
import java.nio.file.Path;
import java.util.List;

/** Opens databases: the storage engine, transactions over it, SQL over those. */
public final class LayeredProvider implements DatabaseProvider {
  private static final Path IN_MEMORY = Path.of("memory");

  /** For the service loader. */
  public LayeredProvider() {}

  @Override
  public Database open(Path path, Options options) {
    FileSystem files = new LocalFileSystem();
    Path directory = path.toAbsolutePath().normalize();
    return open(files, directory, options);
  }

  @Override
  public Database inMemory(Options options) {
    if (options.readOnly()) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("A database in memory cannot be opened read-only: nobody could have written it.")
          .build();
    }
    return open(new InMemoryFileSystem(), IN_MEMORY, options);
  }

  private static Database open(FileSystem files, Path directory, Options options) {
    HybridLogicalClock clock = new HybridLogicalClock();
    LsmOptions storage =
        LsmOptions.defaults()
            .memoryLimitBytes(options.memoryLimitBytes())
            .compression(options.compression())
            .createIfMissing(options.createIfMissing())
            .timestamps(clock)
            .progress(options.progress());
    LsmStore store =
        options.readOnly()
            ? LsmStore.openReadOnly(files, directory, storage)
            : LsmStore.open(files, directory, storage);
    try {
      return new LayeredDatabase(files, directory, store, clock, options);
    } catch (RuntimeException | Error failure) {
      closeAfter(failure, store);
      throw failure;
    }
  }

  private static void closeAfter(Throwable failure, LsmStore store) {
    try {
      store.close();
    } catch (RuntimeException second) {
      failure.addSuppressed(second);
    }
  }

  @Override
  public List<BackupInfo> listBackups(Path directory) {
    return repository(directory).list();
  }

  @Override
  public void verifyBackups(Path directory, Progress progress) {
    repository(directory).verify(progress);
  }

  @Override
  public BackupInfo restoreBackup(Path directory, long id, Path target, Progress progress) {
    return repository(directory).restore(id, target.toAbsolutePath().normalize(), progress);
  }

  private static BackupRepository repository(Path directory) {
    return new BackupRepository(new LocalFileSystem(), directory.toAbsolutePath().normalize());
  }
}
