// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.index;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The entries of a HASH index, each an entry of the index's own keyspace.
 *
 * <pre>
 * key:    SHA-256 of the indexed bytes, 32 bytes | primary key, unless unique
 * value:  empty; if unique the primary key
 * </pre>
 *
 * The indexed bytes themselves are nowhere: two of them with the same digest would be taken for the same.
 * No such pair is known, nor a way to make one; so nobody who chooses what is indexed can bring
 * it about, which no shorter or faster hash could promise. See docs/internals/transactions.md.
 */
final class HashEntryFormat {
  /** The length of the digest. */
  static final int DIGEST_BYTES = 32;

  private static final ThreadLocal<MessageDigest> DIGEST =
      ThreadLocal.withInitial(HashEntryFormat::sha256);

  private HashEntryFormat() {}

  /** The bytes that the keys of all entries under {@code indexed} begin with. */
  static byte[] prefix(byte[] indexed) {
    return DIGEST.get().digest(indexed);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }
}
