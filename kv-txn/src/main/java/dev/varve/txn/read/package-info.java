// SPDX-License-Identifier: Apache-2.0
/**
 * What a serializable transaction has read, so that its commit can ask whether any of it has changed. Its
 * one type is {@link dev.varve.txn.read.ReadSet}. Depends on kv-core only.
 */
@NullMarked
package dev.varve.txn.read;

import org.jspecify.annotations.NullMarked;
