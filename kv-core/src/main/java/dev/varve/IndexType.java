// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/** What an index can find. */
public enum IndexType {
  /** Ordered: equality, ranges, prefixes, both directions. */
  BTREE,
  /** Equality only, with entries of a fixed size whatever the length of the indexed bytes. */
  HASH
}
