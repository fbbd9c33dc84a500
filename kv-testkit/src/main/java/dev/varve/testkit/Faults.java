// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

import dev.varve.core.file.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Counts the operations of a file system and makes chosen ones fail. Operations count from 1.
 * Thread-safe.
 */
public final class Faults {
  private static final int TRACED = 200;
  private static final int STRUCK_TRACED = 20;
  private static final long NEVER = Long.MAX_VALUE;

  private final Deque<Traced> trace = new ArrayDeque<>();
  private final Set<Operation> struck = EnumSet.allOf(Operation.class);
  private final Deque<String> struckLast = new ArrayDeque<>();
  private long operations;
  private long mutations;
  private long injected;
  private Kind kind = Kind.IO_ERROR;
  private long from = NEVER;
  private long to = NEVER;

  Faults() {}

  /** Operation {@code k} fails with an I/O error, the next ones do not. */
  public Faults ioErrorAt(long k) {
    return plan(Kind.IO_ERROR, k, k + 1);
  }

  /** Operation {@code k} and all after it fail with an I/O error. */
  public Faults ioErrorFrom(long k) {
    return plan(Kind.IO_ERROR, k, NEVER);
  }

  /** If operation {@code k} needs space it finds none, the next ones do. */
  public Faults diskFullAt(long k) {
    return plan(Kind.DISK_FULL, k, k + 1);
  }

  /** From operation {@code k} on there is no space until {@link #clear}. */
  public Faults diskFullFrom(long k) {
    return plan(Kind.DISK_FULL, k, NEVER);
  }

  /** If operation {@code k} is an append, half of its bytes are written and then it fails. */
  public Faults shortWriteAt(long k) {
    return plan(Kind.SHORT_WRITE, k, k + 1);
  }

  /** Only operations of these kinds fail; all are counted. */
  public synchronized Faults only(Operation first, Operation... others) {
    struck.clear();
    struck.addAll(EnumSet.of(first, others));
    return this;
  }

  /** Nothing fails any more. */
  public synchronized void clear() {
    struck.addAll(EnumSet.allOf(Operation.class));
    plan(Kind.IO_ERROR, NEVER, NEVER);
  }

  /** Operations so far. */
  public synchronized long operations() {
    return operations;
  }

  /** Operations so far that change something. */
  public synchronized long mutations() {
    return mutations;
  }

  /** How many operations were made to fail so far. */
  public synchronized long injected() {
    return injected;
  }

  /** The last operations that failed, then the last ones, oldest first, for the message of a failed test. */
  public synchronized List<String> trace() {
    List<String> lines = new ArrayList<>(struckLast);
    trace.forEach(each -> lines.add(each.toString()));
    return lines;
  }

  private synchronized Faults plan(Kind kind, long from, long to) {
    this.kind = kind;
    this.from = from;
    this.to = to;
    return this;
  }

  /** Counts an operation, and throws when it is to fail; true when it is to be cut short. */
  synchronized boolean admit(Operation operation, Path path, long bytes) throws IOException {
    operations++;
    if (operation.mutates()) {
      mutations++;
    }
    if (trace.size() == TRACED) {
      trace.removeFirst();
    }
    trace.addLast(new Traced(operations, mutations, operation, path, bytes));
    if (operations < from || operations >= to || !struck.contains(operation)) {
      return false;
    }
    if (kind == Kind.DISK_FULL && !needsSpace(operation, bytes)
        || kind == Kind.SHORT_WRITE && operation != Operation.APPEND) {
      return false;
    }
    injected++;
    if (struckLast.size() == STRUCK_TRACED) {
      struckLast.removeFirst();
    }
    struckLast.addLast(kind + " " + trace.getLast());
    String message = "simulated: " + operation + " " + path + " operation=" + operations;
    switch (kind) {
      case IO_ERROR -> throw new IOException(message);
      case DISK_FULL ->
          throw new DiskFullException(message, new IOException("No space left on device"));
      default -> {
        return true;
      }
    }
  }

  /** Mapping a file that is there takes no space. */
  private static boolean needsSpace(Operation operation, long bytes) {
    return operation.needsSpace() && (operation != Operation.MAP_WRITABLE || bytes > 0);
  }

  private enum Kind {
    IO_ERROR,
    DISK_FULL,
    SHORT_WRITE
  }

  private record Traced(long number, long mutation, Operation operation, Path path, long bytes) {
    @Override
    public String toString() {
      return "operation="
          + number
          + " mutation="
          + mutation
          + " "
          + operation
          + " "
          + path
          + (bytes > 0 ? " bytes=" + bytes : "");
    }
  }
}
