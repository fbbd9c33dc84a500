// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

/**
 * A named map as the directory knows it.
 *
 * @param since the commit that created it; a reader with an earlier snapshot has to look for an older one
 */
record NamedKeyspace(String name, int id, long since) {}
