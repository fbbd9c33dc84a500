// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.transaction;

import dev.varve.ErrorCode;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.TransactionalStore;
import dev.varve.query.catalog.CatalogFormat;
import dev.varve.query.catalog.SequenceDefinition;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of sequences, which no rollback takes back. Thread-safe.
 *
 * <p>Values are reserved in the store some at a time and handed out from memory, so that a value is
 * never handed out twice, also after a crash; a crash may skip those that were reserved. Closing
 * gives back what was not handed out.
 */
public final class SequenceValues implements AutoCloseable {
  private static final int RESERVED_AT_ONCE = 32;
  private static final int VALUE_BYTES = Long.BYTES + 1;

  private final TransactionalStore store;
  private final Map<Integer, State> states = new ConcurrentHashMap<>();

  /** The sequences of {@code store}. */
  public SequenceValues(TransactionalStore store) {
    this.store = store;
  }

  /** Where a sequence stands; guarded by itself. */
  private static final class State {
    boolean loaded;

    /** The value handed out last, or the one to hand out first if {@code called} is false. */
    long value;

    boolean called;

    /** How many values after {@code value} may be handed out without writing. */
    int reserved;
  }

  /** The next value of {@code sequence}. */
  public long next(SequenceDefinition sequence) {
    State state = state(sequence);
    synchronized (state) {
      load(sequence, state);
      long next = state.called ? following(sequence, state.value) : state.value;
      if (state.reserved == 0) {
        reserve(sequence, state, next);
      } else {
        state.reserved--;
      }
      state.value = next;
      state.called = true;
      return next;
    }
  }

  /** Writes as handed out what the next calls will hand out, as far as the sequence goes. */
  private void reserve(SequenceDefinition sequence, State state, long next) {
    long last = next;
    int count = 0;
    while (count < RESERVED_AT_ONCE && hasFollowing(sequence, last)) {
      last += sequence.increment();
      count++;
    }
    write(sequence.id(), last, true);
    state.reserved = count;
  }

  private static boolean hasFollowing(SequenceDefinition sequence, long value) {
    return sequence.increment() > 0
        ? value <= sequence.maxValue() - sequence.increment()
            || sequence.maxValue() - sequence.increment() > sequence.maxValue()
        : value >= sequence.minValue() - sequence.increment()
            || sequence.minValue() - sequence.increment() < sequence.minValue();
  }

  private static long following(SequenceDefinition sequence, long value) {
    long increment = sequence.increment();
    long next = value + increment;
    boolean wrapped = increment > 0 ? next < value : next > value;
    if (!wrapped && next <= sequence.maxValue() && next >= sequence.minValue()) {
      return next;
    }
    if (sequence.cycle()) {
      return increment > 0 ? sequence.minValue() : sequence.maxValue();
    }
    boolean ascending = increment > 0;
    throw ErrorCode.SEQUENCE_LIMIT
        .error(
            "nextval: reached "
                + (ascending ? "maximum" : "minimum")
                + " value of sequence \""
                + sequence.name()
                + "\" ("
                + (ascending ? sequence.maxValue() : sequence.minValue())
                + ")")
        .build();
  }

  /** Sets the sequence; the next value is {@code value} itself unless {@code called}. */
  public void set(SequenceDefinition sequence, long value, boolean called) {
    if (value < sequence.minValue() || value > sequence.maxValue()) {
      throw ErrorCode.NUMERIC_OUT_OF_RANGE
          .error(
              "setval: value "
                  + value
                  + " is out of bounds for sequence \""
                  + sequence.name()
                  + "\" ("
                  + sequence.minValue()
                  + ".."
                  + sequence.maxValue()
                  + ")")
          .build();
    }
    State state = state(sequence);
    synchronized (state) {
      write(sequence.id(), value, called);
      state.loaded = true;
      state.value = value;
      state.called = called;
      state.reserved = 0;
    }
  }

  /** The value handed out last, or the first one to be; for showing. */
  public long peek(SequenceDefinition sequence) {
    State state = state(sequence);
    synchronized (state) {
      load(sequence, state);
      return state.value;
    }
  }

  /** Whether {@link #peek} was handed out already. */
  public boolean isCalled(SequenceDefinition sequence) {
    State state = state(sequence);
    synchronized (state) {
      load(sequence, state);
      return state.called;
    }
  }

  private State state(SequenceDefinition sequence) {
    return states.computeIfAbsent(sequence.id(), id -> new State());
  }

  private void load(SequenceDefinition sequence, State state) {
    if (state.loaded) {
      return;
    }
    byte[] value = keyspace().get(CatalogFormat.sequenceKey(sequence.id()));
    state.value = value == null ? sequence.start() : ByteBuffer.wrap(value).getLong();
    state.called = value != null && value[Long.BYTES] != 0;
    state.loaded = true;
  }

  private void write(int id, long value, boolean called) {
    byte[] bytes =
        ByteBuffer.allocate(VALUE_BYTES).putLong(value).put((byte) (called ? 1 : 0)).array();
    keyspace().put(CatalogFormat.sequenceKey(id), bytes);
  }

  private Keyspace keyspace() {
    return store.autocommit().keyspace(CatalogFormat.SEQUENCES);
  }

  /** Gives back what is reserved and not handed out. The store must still be open. */
  @Override
  public void close() {
    states.forEach(
        (id, state) -> {
          synchronized (state) {
            if (state.reserved > 0) {
              write(id, state.value, state.called);
              state.reserved = 0;
            }
          }
        });
  }
}
