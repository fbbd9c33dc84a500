// SPDX-License-Identifier: Apache-2.0
/**
 * SQL types, which of them convert into which, and their values' text forms as PostgreSQL reads and
 * prints them.
 *
 * <p>Reading order: {@link dev.varve.query.type.TypeKind}, {@link dev.varve.query.type.SqlType}.
 */
@NullMarked
package dev.varve.query.type;

import org.jspecify.annotations.NullMarked;
