// SPDX-License-Identifier: Apache-2.0
/**
 * Window functions: rows sorted by partition and order, and for each row what a function says of the
 * rows around it.
 *
 * <p>Reading order: {@link dev.varve.query.window.WindowOperator}, {@link
 * dev.varve.query.window.Partition}, {@link dev.varve.query.window.Frames}, {@link
 * dev.varve.query.window.WindowState}. Depends on {@code function}, {@code sort} and the contract of
 * {@code operator}.
 */
@NullMarked
package dev.varve.query.window;

import org.jspecify.annotations.NullMarked;
