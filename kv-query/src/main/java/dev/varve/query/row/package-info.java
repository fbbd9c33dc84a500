// SPDX-License-Identifier: Apache-2.0
/**
 * How rows become bytes: compact values with direct access to any column, and keys that sort as their
 * columns do.
 *
 * <p>Reading order: {@link dev.varve.query.row.RowFormat}, {@link dev.varve.query.row.RowCodec},
 * {@link dev.varve.query.row.RowWriter}, {@link dev.varve.query.row.RowReader}, {@link
 * dev.varve.query.row.KeyPart}, {@link dev.varve.query.row.KeyCodec}. Depends on {@code type} and
 * {@code vector}.
 */
@NullMarked
package dev.varve.query.row;

import org.jspecify.annotations.NullMarked;
