// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.record;

/** A record that cannot be read; the ones after it can. The message is a sentence. */
public final class BadRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong. */
  public BadRecordException(String sentence) {
    super(sentence);
  }
}
