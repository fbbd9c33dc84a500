// SPDX-License-Identifier: Apache-2.0
/**
 * A directory of backups: full and incremental by file. Reading order: {@link
 * dev.varve.database.backup.BackupManifest} says what a backup consists of, {@link
 * dev.varve.database.backup.BackupRepository} makes, lists, verifies and restores them.
 *
 * <p>Depends on {@code dev.varve.core.file} only; what it copies is a checkpoint, which is closed and
 * does not change.
 */
@NullMarked
package dev.varve.database.backup;

import org.jspecify.annotations.NullMarked;
