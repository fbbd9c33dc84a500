// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.inspect;

import org.jspecify.annotations.Nullable;

/**
 * One version of a key.
 *
 * @param source the memtable or file that holds it
 * @param timestamp when it was committed
 * @param kind put, delete, or delete of a range
 * @param value the value of a put
 */
public record KeyVersion(String source, long timestamp, String kind, byte @Nullable [] value) {}
