// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Opens databases: how this package finds its implementation. Programs call {@link Database} and
 * {@link Backup} instead. kv-query provides the one implementation as a service.
 */
public interface DatabaseProvider {
  /** Opens the database at {@code path}. */
  Database open(Path path, Options options);

  /** Opens a database that keeps nothing on disk. */
  Database inMemory(Options options);

  /** Lists the complete backups, oldest first. */
  List<BackupInfo> listBackups(Path directory);

  /** Checks every byte of every backup. */
  void verifyBackups(Path directory, Progress progress);

  /** Restores a backup; id 0 means the newest. */
  BackupInfo restoreBackup(Path directory, long id, Path target, Progress progress);

  /** The provider on the class or module path. */
  static DatabaseProvider find() {
    return ServiceLoader.load(DatabaseProvider.class, DatabaseProvider.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                ErrorCode.INTERNAL
                    .error("No database engine is on the class path.")
                    .hint("Depend on dev.varve:kv-query; a shaded jar must keep META-INF/services.")
                    .build());
  }
}
