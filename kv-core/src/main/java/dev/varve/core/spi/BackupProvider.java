// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.spi;

import dev.varve.BackupInfo;
import dev.varve.Progress;
import java.nio.file.Path;
import java.util.List;

/** Works on directories of backups; behind {@link dev.varve.Backup}, which says what each does. */
public interface BackupProvider {
  /** Lists the complete backups, oldest first. */
  List<BackupInfo> list(Path directory);

  /** Checks every byte. */
  void verify(Path directory, Progress progress);

  /** Restores; id 0 means the newest. */
  BackupInfo restore(Path directory, long id, Path target, Progress progress);
}
