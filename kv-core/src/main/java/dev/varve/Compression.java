// SPDX-License-Identifier: Apache-2.0
package dev.varve;

/** How blocks of tables are stored. */
public enum Compression {
  /** LZ4 where it saves at least an eighth, else stored as they are. */
  LZ4,
  /** Always stored as they are. */
  NONE
}
