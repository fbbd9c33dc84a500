// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.time.Instant;

/**
 * One backup.
 *
 * @param id its number in the directory, from 1
 * @param created when it was taken
 * @param timestamp the newest commit it holds
 * @param files how many files it consists of
 * @param totalBytes the size of all its files
 * @param copiedBytes the part that was not there from earlier backups
 */
public record BackupInfo(
    long id, Instant created, long timestamp, int files, long totalBytes, long copiedBytes) {}
