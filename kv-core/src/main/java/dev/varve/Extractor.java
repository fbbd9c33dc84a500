// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.util.List;

/**
 * Computes the indexed bytes of a value, for an index that the store keeps. Must depend on nothing
 * but the value; called by any thread.
 */
@FunctionalInterface
public interface Extractor {
  /** The bytes under which the value shall be found; empty when it shall not be found. */
  List<byte[]> extract(byte[] value);
}
