// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.nio.file.Path;
import java.util.List;

/** Works on a directory of backups that {@link Database#backup} wrote; needs no open database. */
public final class Backup {
  private Backup() {}

  /** The complete backups in {@code directory}, oldest first. */
  public static List<BackupInfo> list(Path directory) {
    return DatabaseProvider.find().listBackups(directory);
  }

  /** Reads every byte of every backup against its checksum; throws at the first that differs. */
  public static void verify(Path directory) {
    verify(directory, Progress.NONE);
  }

  /** As {@link #verify(Path)}, telling how far it is. */
  public static void verify(Path directory, Progress progress) {
    DatabaseProvider.find().verifyBackups(directory, progress);
  }

  /** Restores the newest backup to {@code target}, which must not exist. */
  public static BackupInfo restore(Path directory, Path target) {
    return restore(directory, 0, target, Progress.NONE);
  }

  /** Restores the backup {@code id} to {@code target}, which must not exist. */
  public static BackupInfo restore(Path directory, long id, Path target) {
    return restore(directory, id, target, Progress.NONE);
  }

  /** As above; id 0 means the newest. */
  public static BackupInfo restore(Path directory, long id, Path target, Progress progress) {
    return DatabaseProvider.find().restoreBackup(directory, id, target, progress);
  }
}
