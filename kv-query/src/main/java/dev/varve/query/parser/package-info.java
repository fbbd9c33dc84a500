// SPDX-License-Identifier: Apache-2.0
/**
 * From SQL text to syntax trees. {@link dev.varve.query.parser.Parser} is the way in; the {@code
 * Lexer} cuts the text into {@code Tokens}; one class per part of the grammar reads them through a
 * {@code TokenStream}: {@code ExpressionParser} by precedence climbing, {@code QueryParser}, {@code
 * DataParser}, {@code DefinitionParser} and the others by recursive descent.
 *
 * <p>Whatever the text, what comes out is a tree of bounded height or a {@code VarveException}.
 *
 * <p>Depends on {@code ast} only.
 */
@NullMarked
package dev.varve.query.parser;

import org.jspecify.annotations.NullMarked;
