// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.type;

/** The NUMERIC values that are not numbers, in their sort order relative to each other. */
public enum NumericSpecial {
  NEGATIVE_INFINITY("-Infinity"),
  INFINITY("Infinity"),
  NAN("NaN");

  private final String text;

  NumericSpecial(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
