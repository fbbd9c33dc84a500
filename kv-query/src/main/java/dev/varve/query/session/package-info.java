// SPDX-License-Identifier: Apache-2.0
/**
 * SQL as callers meet it: {@link dev.varve.query.session.SqlEngine} is what a database has one of,
 * {@link dev.varve.query.session.SqlSession} a conversation.
 *
 * <p>Read in this order: {@code SqlEngine}, {@code SqlSession}, {@code TransactionBlock}, {@code
 * PlannedStatement}, {@code StatementRunner}, {@code ResultRows}.
 */
@NullMarked
package dev.varve.query.session;

import org.jspecify.annotations.NullMarked;
