// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.inspect;

/**
 * What the tables hold of a keyspace; what is in memtables only is not counted.
 *
 * @param id its number
 * @param entries point versions, deletes included
 * @param deletes point deletes
 * @param bytes keys and values, uncompressed
 */
public record KeyspaceInfo(int id, long entries, long deletes, long bytes) {}
