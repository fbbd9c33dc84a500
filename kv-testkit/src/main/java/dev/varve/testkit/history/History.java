// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What transactions have read and written, as they saw it. Every write puts a number that no other write
 * puts, an <em>element</em>; so whoever reads it knows whose write it has seen. Thread-safe for {@link #add}.
 */
public final class History {
  /** As an element: there is no value. */
  public static final long ABSENT = 0;

  private final List<Transaction> transactions = new ArrayList<>();

  /** Without transactions. */
  public History() {}

  /** Adds a transaction that has ended. */
  public synchronized void add(Transaction transaction) {
    transactions.add(transaction);
  }

  /** All that were added. */
  public synchronized List<Transaction> transactions() {
    return List.copyOf(transactions);
  }

  /** What a read saw of a key that the transaction had not written itself. */
  public record Read(int key, long element, boolean byPredicate) {}

  /** One transaction. One thread fills it. */
  public static final class Transaction {
    private final String name;
    private final List<Read> reads = new ArrayList<>();
    private final Map<Integer, Long> finalWrites = new LinkedHashMap<>();
    private final List<Long> otherWrites = new ArrayList<>();
    private long snapshot = -1;
    private long commitTimestamp = -1;

    /** A transaction that has done nothing and is taken for rolled back until {@link #committed}. */
    public Transaction(String name) {
      this.name = name;
    }

    /** It has seen an element, or {@link History#ABSENT}. */
    public Transaction read(int key, long element) {
      reads.add(new Read(key, element, false));
      return this;
    }

    /** It has seen an element, or {@link History#ABSENT}, when it read a range. */
    public Transaction readByPredicate(int key, long element) {
      reads.add(new Read(key, element, true));
      return this;
    }

    /** It has written an element, or removed the key. */
    public Transaction write(int key, long element) {
      Long before = finalWrites.put(key, element);
      if (before != null && before != ABSENT) {
        otherWrites.add(before);
      }
      return this;
    }

    /** It has taken a write back, so that before it {@code element} counts again; null for none. */
    public Transaction unwrite(int key, @Nullable Long element) {
      Long before = element == null ? finalWrites.remove(key) : finalWrites.put(key, element);
      if (before != null && before != ABSENT) {
        otherWrites.add(before);
      }
      if (element != null) {
        otherWrites.remove(element);
      }
      return this;
    }

    /** All its reads saw one state, the one at this timestamp. */
    public Transaction snapshot(long timestamp) {
      snapshot = timestamp;
      return this;
    }

    /** It has committed. */
    public Transaction committed(long timestamp) {
      commitTimestamp = timestamp;
      return this;
    }

    /** What was seen of others. */
    public List<Read> reads() {
      return reads;
    }

    /** What stands for each key written, at the end. */
    public Map<Integer, Long> finalWrites() {
      return finalWrites;
    }

    /** What was written and written over, or taken back. */
    public List<Long> otherWrites() {
      return otherWrites;
    }

    /** Whether it has committed. */
    public boolean isCommitted() {
      return commitTimestamp >= 0;
    }

    /** The timestamp of its commit; -1 if it has none. */
    public long commitTimestamp() {
      return commitTimestamp;
    }

    /** The timestamp at which it read; -1 if its reads saw different states. */
    public long snapshot() {
      return snapshot;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
