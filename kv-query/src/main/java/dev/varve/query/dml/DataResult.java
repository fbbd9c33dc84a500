// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import org.jspecify.annotations.Nullable;

/**
 * What a data statement did.
 *
 * @param changed how many rows it inserted, updated or deleted
 * @param rows what RETURNING asked for, or null
 */
public record DataResult(long changed, @Nullable RowCollector rows) {}
