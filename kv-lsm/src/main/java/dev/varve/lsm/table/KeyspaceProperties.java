// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

/**
 * What a table holds of one keyspace.
 *
 * @param id the keyspace
 * @param entries point versions, deletes included
 * @param deletes point tombstones
 * @param keyBytes all keys, uncompressed, keyspace prefixes included
 * @param valueBytes all values, uncompressed
 * @param prefixBytes length of the prefixes in the filter, after the keyspace prefix; 0 for none
 */
public record KeyspaceProperties(
    int id, long entries, long deletes, long keyBytes, long valueBytes, int prefixBytes) {}
