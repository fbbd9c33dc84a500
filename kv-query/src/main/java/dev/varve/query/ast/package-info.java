// SPDX-License-Identifier: Apache-2.0
/**
 * What a SQL statement says, before any name in it has a meaning: sealed interfaces of immutable
 * records. Every node knows the {@link dev.varve.query.ast.Span} of text it was read from.
 *
 * <p>Read in this order: {@link dev.varve.query.ast.Statement} with its families {@link
 * dev.varve.query.ast.DataStatement}, {@link dev.varve.query.ast.DefinitionStatement}, {@link
 * dev.varve.query.ast.TransactionStatement}, {@link dev.varve.query.ast.SessionStatement}; {@link
 * dev.varve.query.ast.Query}, {@link dev.varve.query.ast.QueryBody}, {@link
 * dev.varve.query.ast.TableReference}; {@link dev.varve.query.ast.Expression}.
 *
 * <p>Depends on nothing but the public API.
 */
@NullMarked
package dev.varve.query.ast;

import org.jspecify.annotations.NullMarked;
