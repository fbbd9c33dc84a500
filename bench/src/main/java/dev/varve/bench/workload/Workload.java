// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.workload;

import dev.varve.bench.engine.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A workload: where it starts, how long it runs, and what each thread does. */
public final class Workload {
  /** What is in the store at the start. */
  public enum Start {
    /** Nothing. */
    EMPTY,
    /** All entries, settled; the workload changes nothing. */
    LOADED_SHARED,
    /** All entries, settled; the workload works on a copy. */
    LOADED_COPY
  }

  /** Makes the task of one thread. */
  private interface TaskFactory {
    Task create(Session session, Data data, int thread, int threads, AtomicLong inserted);
  }

  private static final int BATCH = 100;
  private static final int SHORT_SCAN = 50;
  private static final int MAX_YCSB_SCAN = 100;

  private final String name;
  private final Start start;
  private final int threads;
  private final boolean synced;
  private final int rounds;
  private final int stepOperations;
  private final TaskFactory factory;

  private Workload(
      String name,
      Start start,
      int threads,
      boolean synced,
      int rounds,
      int stepOperations,
      TaskFactory factory) {
    this.name = name;
    this.start = start;
    this.threads = threads;
    this.synced = synced;
    this.rounds = rounds;
    this.stepOperations = stepOperations;
    this.factory = factory;
  }

  public String name() {
    return name;
  }

  public Start start() {
    return start;
  }

  public int threads() {
    return threads;
  }

  public boolean synced() {
    return synced;
  }

  /** Whether it ends after a number of operations, or else after a time. */
  public boolean isCounted() {
    return rounds > 0;
  }

  /** How many operations there are for each entry, if it is counted. */
  public int rounds() {
    return rounds;
  }

  /** How many operations one step does. */
  public int stepOperations() {
    return stepOperations;
  }

  /** The task of thread {@code thread}. */
  public Task task(Session session, Data data, int thread, AtomicLong inserted) {
    return factory.create(session, data, thread, threads, inserted);
  }

  /** All workloads, in the order of the report. */
  public static List<Workload> all() {
    List<Workload> all = new ArrayList<>();
    addWrites(all);
    addReads(all);
    addYcsb(all);
    for (int threads : new int[] {1, 4, 16}) {
      all.add(new Workload("sync-" + threads, Start.EMPTY, threads, true, 0, 1, putting(1, true)));
    }
    addLong(all);
    return all;
  }

  /** The workload {@code name}. */
  public static Workload named(String name) {
    return all().stream()
        .filter(workload -> workload.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such workload: " + name));
  }

  private static void addWrites(List<Workload> all) {
    for (int batch : new int[] {1, BATCH}) {
      String suffix = batch == 1 ? "" : "-" + batch;
      all.add(
          new Workload("fillseq" + suffix, Start.EMPTY, 1, false, 1, batch, putting(batch, false)));
      all.add(
          new Workload(
              "fillrandom" + suffix, Start.EMPTY, 1, false, 1, batch, putting(batch, true)));
      all.add(
          new Workload(
              "overwrite" + suffix, Start.LOADED_COPY, 1, false, 1, batch, putting(batch, true)));
      all.add(
          new Workload("delete" + suffix, Start.LOADED_COPY, 1, false, 1, batch, deleting(batch)));
    }
  }

  private static final int LONG_ROUNDS = 10;

  private static void addLong(List<Workload> all) {
    all.add(
        new Workload(
            "overwrite-long",
            Start.LOADED_COPY,
            1,
            false,
            LONG_ROUNDS,
            1,
            (session, data, thread, threads, inserted) -> {
              Draw draw = new Draw(data.entries(), false, thread);
              byte[] key = new byte[Data.KEY_BYTES];
              byte[] value = new byte[data.valueBytes()];
              return index -> {
                Data.key(draw.entry(), key);
                data.value(draw.random(), value);
                session.put(key, value);
                return 1;
              };
            }));
  }

  private static void addReads(List<Workload> all) {
    for (int threads = 1; threads <= 2; threads++) {
      String suffix = "-" + threads;
      all.add(reading("readrandom" + suffix, threads, false, false));
      all.add(reading("readzipfian" + suffix, threads, true, false));
      all.add(reading("readmiss" + suffix, threads, false, true));
    }
    all.add(new Workload("readseq", Start.LOADED_SHARED, 1, false, 0, 0, scanningAll(false)));
    all.add(new Workload("readreverse", Start.LOADED_SHARED, 1, false, 0, 0, scanningAll(true)));
    all.add(
        new Workload(
            "seek-50",
            Start.LOADED_SHARED,
            1,
            false,
            0,
            1,
            (session, data, thread, threads, inserted) -> {
              Draw draw = new Draw(data.entries(), false, thread);
              byte[] key = new byte[Data.KEY_BYTES];
              return index -> {
                Data.key(draw.entry(), key);
                session.scan(key, SHORT_SCAN, false);
                return 1;
              };
            }));
    all.add(
        new Workload(
            "readwhilewriting",
            Start.LOADED_COPY,
            2,
            false,
            0,
            1,
            (session, data, thread, threads, inserted) ->
                thread == 0
                    ? uncounted(mixed(session, data, thread, 0, 100, 0, 0, 0, false, inserted))
                    : mixed(session, data, thread, 100, 0, 0, 0, 0, false, inserted)));
  }

  private static Task uncounted(Task task) {
    return index -> {
      task.step(index);
      return 0;
    };
  }

  private static void addYcsb(List<Workload> all) {
    for (int threads = 1; threads <= 2; threads++) {
      all.add(ycsb("ycsb-a-" + threads, threads, 50, 50, 0, 0, 0, false));
      all.add(ycsb("ycsb-b-" + threads, threads, 95, 5, 0, 0, 0, false));
      all.add(ycsb("ycsb-c-" + threads, threads, 100, 0, 0, 0, 0, false));
      all.add(ycsb("ycsb-d-" + threads, threads, 95, 0, 5, 0, 0, true));
      all.add(ycsb("ycsb-e-" + threads, threads, 0, 0, 5, 95, 0, false));
      all.add(ycsb("ycsb-f-" + threads, threads, 50, 0, 0, 0, 50, false));
    }
  }

  private static TaskFactory putting(int batch, boolean shuffled) {
    return (session, data, thread, threads, inserted) -> {
      byte[][] keys = new byte[batch][Data.KEY_BYTES];
      byte[][] values = new byte[batch][data.valueBytes()];
      Draw draw = new Draw(data.entries(), false, thread);
      return index -> {
        for (int i = 0; i < batch; i++) {
          long place = (index * batch + i) * threads + thread;
          long number = place % data.entries();
          Data.key(shuffled ? data.shuffled(number) : number, keys[i]);
          data.value(draw.random(), values[i]);
        }
        if (batch == 1) {
          session.put(keys[0], values[0]);
        } else {
          session.putBatch(keys, values, batch);
        }
        return batch;
      };
    };
  }

  private static TaskFactory deleting(int batch) {
    return (session, data, thread, threads, inserted) -> {
      byte[][] keys = new byte[batch][Data.KEY_BYTES];
      return index -> {
        for (int i = 0; i < batch; i++) {
          Data.key(data.shuffled((index * batch + i) % data.entries()), keys[i]);
        }
        if (batch == 1) {
          session.delete(keys[0]);
        } else {
          session.deleteBatch(keys, batch);
        }
        return batch;
      };
    };
  }

  private static Workload reading(String name, int threads, boolean zipfian, boolean missing) {
    return new Workload(
        name,
        Start.LOADED_SHARED,
        threads,
        false,
        0,
        1,
        (session, data, thread, all, inserted) -> {
          Draw draw = new Draw(data.entries(), zipfian, thread);
          byte[] key = new byte[Data.KEY_BYTES];
          byte[] value = new byte[data.valueBytes()];
          return index -> {
            if (missing) {
              Data.missingKey(draw.entry(), key);
            } else {
              Data.key(draw.entry(), key);
            }
            if (session.get(key, value) < 0 != missing) {
              throw new IllegalStateException("wrong answer for " + new String(key));
            }
            return 1;
          };
        });
  }

  private static TaskFactory scanningAll(boolean reversed) {
    return (session, data, thread, threads, inserted) ->
        index -> {
          long seen = session.scan(null, Long.MAX_VALUE, reversed);
          if (seen != data.entries()) {
            throw new IllegalStateException("scanned " + seen + " of " + data.entries());
          }
          return seen;
        };
  }

  private static Workload ycsb(
      String name,
      int threads,
      int read,
      int update,
      int insert,
      int scan,
      int readModifyWrite,
      boolean latest) {
    boolean changes = read < 100;
    return new Workload(
        name,
        changes ? Start.LOADED_COPY : Start.LOADED_SHARED,
        threads,
        false,
        0,
        1,
        (session, data, thread, all, inserted) ->
            mixed(
                session,
                data,
                thread,
                read,
                update,
                insert,
                scan,
                readModifyWrite,
                latest,
                inserted));
  }

  private static Task mixed(
      Session session,
      Data data,
      int thread,
      int read,
      int update,
      int insert,
      int scan,
      int readModifyWrite,
      boolean latest,
      AtomicLong inserted) {
    Draw draw = new Draw(data.entries(), true, thread);
    byte[] key = new byte[Data.KEY_BYTES];
    byte[] value = new byte[data.valueBytes()];
    return index -> {
      int dice = (int) draw.below(100);
      if (dice < insert) {
        Data.key(data.entries() + inserted.getAndIncrement(), key);
        data.value(draw.random(), value);
        session.put(key, value);
        return 1;
      }
      long number =
          latest ? Math.max(0, data.entries() + inserted.get() - 1 - draw.rank()) : draw.entry();
      Data.key(number, key);
      if (dice < insert + read + readModifyWrite) {
        session.get(key, value);
      }
      if (dice >= insert + read && dice < insert + read + readModifyWrite + update) {
        data.value(draw.random(), value);
        session.put(key, value);
      } else if (dice >= 100 - scan) {
        session.scan(key, 1 + draw.below(MAX_YCSB_SCAN), false);
      }
      return 1;
    };
  }
}
