// SPDX-License-Identifier: Apache-2.0
/** The transaction layer's facade. */
@NullMarked
package dev.varve.txn;

import org.jspecify.annotations.NullMarked;
