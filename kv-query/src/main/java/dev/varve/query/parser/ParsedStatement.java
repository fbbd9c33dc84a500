// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Statement;

/**
 * A statement, read.
 *
 * @param parameterCount the highest number of a parameter in it
 * @param source the whole text, into which all spans of the statement point
 */
public record ParsedStatement(Statement statement, int parameterCount, SourceText source) {}
