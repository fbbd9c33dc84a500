// SPDX-License-Identifier: Apache-2.0
/**
 * What a version is: a user key, and a trailer of commit timestamp and kind.
 *
 * <p>Depends on kv-core.
 */
@NullMarked
package dev.varve.lsm.key;

import org.jspecify.annotations.NullMarked;
