// SPDX-License-Identifier: Apache-2.0
/**
 * LZ4 blocks.
 *
 * <p>Reading order: {@link dev.varve.lsm.compress.Lz4Compressor}, {@link
 * dev.varve.lsm.compress.Lz4Decompressor}. Depends on {@code dev.varve.core.codec} and the LZ4
 * library.
 */
@NullMarked
package dev.varve.lsm.compress;

import org.jspecify.annotations.NullMarked;
