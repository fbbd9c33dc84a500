// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

/**
 * A name as it counts: folded to lower case unless it was quoted.
 *
 * @param name the folded or quoted name
 */
public record Identifier(String name, Span span) {
  @Override
  public String toString() {
    return name;
  }
}
