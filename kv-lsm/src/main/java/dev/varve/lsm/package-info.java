// SPDX-License-Identifier: Apache-2.0
/** The storage engine's facade. */
@NullMarked
package dev.varve.lsm;

import org.jspecify.annotations.NullMarked;
