// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

/**
 * What a salvage found.
 *
 * @param manifestRead whether the manifest could be read; if not, every table in the directory was
 *     taken, those included that had been replaced but not removed yet
 * @param tables tables looked at
 * @param unreadableTables tables that could not even be mapped
 * @param versions versions in them whose blocks have good checksums
 * @param damagedBytes bytes of them that had to be left out
 * @param logCommits commits taken from the log
 * @param entries entries of the new store
 */
public record SalvageReport(
    boolean manifestRead,
    int tables,
    int unreadableTables,
    long versions,
    long damagedBytes,
    long logCommits,
    long entries) {}
