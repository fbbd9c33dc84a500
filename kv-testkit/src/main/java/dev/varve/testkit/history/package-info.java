// SPDX-License-Identifier: Apache-2.0
/**
 * Checks what concurrent transactions have seen against what their isolation level promises.
 *
 * <p>Reading order: {@link dev.varve.testkit.history.History} (what was observed), {@link
 * dev.varve.testkit.history.HistoryChecker} (how it is judged), {@code DependencyGraph}, {@link
 * dev.varve.testkit.history.HistoryRunner} (makes histories on a store).
 */
@NullMarked
package dev.varve.testkit.history;

import org.jspecify.annotations.NullMarked;
