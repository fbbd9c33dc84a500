// SPDX-License-Identifier: Apache-2.0
/** SSTables: immutable files of sorted versions, read straight from their mapping. */
@NullMarked
package dev.varve.lsm.table;

import org.jspecify.annotations.NullMarked;
