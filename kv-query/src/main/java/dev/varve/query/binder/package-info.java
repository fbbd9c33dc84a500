// SPDX-License-Identifier: Apache-2.0
/**
 * From syntax trees to logical plans: names, scopes, types, PostgreSQL's rules.
 *
 * <p>Reading order: {@link dev.varve.query.binder.Binder}, {@code QueryBinder}, {@code SelectBinder},
 * {@code FromBinder}, {@code ExpressionBinder}, {@code Regrouping}. Depends on {@code ast}, {@code
 * parser} (for the texts of views), {@code catalog}, {@code function} and {@code plan}.
 */
@NullMarked
package dev.varve.query.binder;

import org.jspecify.annotations.NullMarked;
