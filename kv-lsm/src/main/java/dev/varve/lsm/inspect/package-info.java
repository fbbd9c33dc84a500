// SPDX-License-Identifier: Apache-2.0
/**
 * What the inspector shows of a store, as plain records. {@link dev.varve.lsm.StoreInspector} fills
 * them.
 *
 * <p>Depends on the JDK only.
 */
@NullMarked
package dev.varve.lsm.inspect;

import org.jspecify.annotations.NullMarked;
