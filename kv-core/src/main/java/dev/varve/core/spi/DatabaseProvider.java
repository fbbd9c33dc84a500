// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.spi;

import dev.varve.Database;
import dev.varve.ErrorCode;
import dev.varve.Options;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** Opens databases; kv-query provides the one implementation as a service. */
public interface DatabaseProvider {
  /** Opens the database at {@code path}. */
  Database open(Path path, Options options);

  /** Opens a database that keeps nothing on disk. */
  Database inMemory(Options options);

  /** Works on directories of backups. */
  BackupProvider backups();

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
