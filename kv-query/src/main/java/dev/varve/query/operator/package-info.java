// SPDX-License-Identifier: Apache-2.0
/**
 * Running query plans: operators that exchange batches of rows.
 *
 * <p>Reading order: {@link dev.varve.query.operator.Operator}, {@link
 * dev.varve.query.operator.ExecutionContext}, the scans, {@link
 * dev.varve.query.operator.PairingJoin} and its subclasses, then the others. Depends on {@code plan}
 * and below.
 */
@NullMarked
package dev.varve.query.operator;

import org.jspecify.annotations.NullMarked;
