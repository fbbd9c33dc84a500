// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.testkit.Faults;
import dev.varve.testkit.Seed;
import dev.varve.testkit.SimulatedFileSystem;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ObjLongConsumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lets every operation on files fail in turn. The error must have a name, what was acknowledged must stay
 * readable, and when the fault is gone the store must work again, at the latest after it was reopened.
 */
class FaultTest {
  private static final int STEPS = 12;
  private static final int MOST_ALTERNATIVES = 16;

  @Test
  void anIoErrorInAnyOperationIsReportedAndHarmsNothingElse() {
    failEverywhere(Faults::ioErrorAt, shortHistories(), Aftermath.REOPEN);
  }

  @Test
  void anIoErrorInAnyOperationDoesNotMakeLaterPromisesHollow() {
    failEverywhere(Faults::ioErrorAt, shortHistories(), Aftermath.POWER_CUT);
  }

  @Test
  void aDiskThatFailsForGoodLosesNothingAcknowledged() {
    failEverywhere(Faults::ioErrorFrom, shortHistories(), Aftermath.REOPEN);
  }

  @Test
  void aShortWriteIsReportedAndHarmsNothingElse() {
    failEverywhere(Faults::shortWriteAt, shortHistories(), Aftermath.REOPEN);
  }

  @Test
  void aFullDiskRefusesOnlyTheWriteThatDoesNotFit() {
    failEverywhere(Faults::diskFullAt, shortHistories(), Aftermath.RESUME);
  }

  @Test
  void writingResumesByItselfWhenAFullDiskHasRoomAgain() {
    failEverywhere(Faults::diskFullFrom, shortHistories(), Aftermath.RESUME);
  }

  @Test
  void aStoreOpensOnAFullDisk() {
    failEverywhere(Faults::diskFullFrom, shortHistories(), Aftermath.REOPEN_WHILE_FULL);
  }

  @Test
  @Tag("slow")
  void manyHistoriesWithAFullDisk() {
    failEverywhere(Faults::diskFullAt, longHistories(), Aftermath.RESUME);
    failEverywhere(Faults::diskFullFrom, longHistories(), Aftermath.RESUME);
    failEverywhere(Faults::diskFullFrom, longHistories(), Aftermath.REOPEN_WHILE_FULL);
  }

  @Test
  @Tag("slow")
  void manyHistoriesWithAnIoError() {
    failEverywhere(Faults::ioErrorAt, longHistories(), Aftermath.REOPEN);
    failEverywhere(Faults::ioErrorAt, longHistories(), Aftermath.POWER_CUT);
    failEverywhere(Faults::ioErrorFrom, longHistories(), Aftermath.REOPEN);
    failEverywhere(Faults::shortWriteAt, longHistories(), Aftermath.REOPEN);
  }

  private static int shortHistories() {
    return Integer.getInteger("varve.fault.histories.short", 1);
  }

  private static int longHistories() {
    return Integer.getInteger("varve.fault.histories", 100);
  }

  /** What comes after the history. */
  private enum Aftermath {
    REOPEN,
    POWER_CUT,
    RESUME,
    REOPEN_WHILE_FULL
  }

  private static void failEverywhere(
      ObjLongConsumer<Faults> fault, int histories, Aftermath aftermath) {
    long first = Seed.pick();
    long injected = 0;
    for (int i = 0; i < histories; i++) {
      long seed = first + i;
      List<Step> steps = History.random(Seed.random(seed), STEPS);
      boolean reached = true;
      for (int k = 1; reached; k++) {
        int at = k;
        boolean[] more = new boolean[1];
        Seed.run(
            seed, (same, unused) -> more[0] = failAt(steps, at, seed * 31 + at, fault, aftermath));
        reached = more[0];
        injected++;
      }
    }
    assertTrue(injected > histories);
    System.out.println(histories + " histories, " + injected + " faults, then " + aftermath);
  }

  /** False when the history was over before its k-th operation. */
  private static boolean failAt(
      List<Step> steps, int k, long seed, ObjLongConsumer<Faults> fault, Aftermath aftermath) {
    RandomGenerator random = Seed.random(seed);
    SimulatedFileSystem files = new SimulatedFileSystem(random);
    Run run = new Run(files, Run.small());
    try {
      fault.accept(files.faults(), k);
      tolerate(run::open);
      for (Step step : steps) {
        if (run.isOpen() && run.model().alternatives() <= MOST_ALTERNATIVES) {
          tolerate(() -> run.execute(step));
        }
      }
      boolean reached = files.faults().operations() >= k;
      if (run.isOpen() && aftermath != Aftermath.POWER_CUT) {
        run.checkInTrouble();
      }
      finish(run, files, random, aftermath);
      return reached;
    } catch (Throwable t) {
      throw new AssertionError(
          "fault in operation "
              + k
              + " of "
              + steps
              + "\n  "
              + String.join("\n  ", files.faults().trace()),
          t);
    } finally {
      run.abandon();
    }
  }

  private static void finish(
      Run run, SimulatedFileSystem files, RandomGenerator random, Aftermath aftermath) {
    switch (aftermath) {
      case REOPEN -> {
        tolerate(run::close);
        files.faults().clear();
      }
      case POWER_CUT -> {
        files.faults().clear();
        run.abandonAfter(files::powerCut);
        run.reopenAfterPowerCut(files.afterPowerCut(random));
      }
      case RESUME -> {
        files.faults().clear();
        resume(run);
      }
      case REOPEN_WHILE_FULL -> {
        tolerate(run::close);
        if (run.model().commits() > 0) {
          run.open();
          run.check();
        }
        files.faults().clear();
        resume(run);
      }
    }
    if (!run.isOpen()) {
      run.open();
    }
    run.check();
    run.execute(History.random(random, 4));
    run.check();
    run.close();
    run.open();
    run.check();
    run.close();
    if (aftermath != Aftermath.POWER_CUT) {
      files.assertNoLeaks();
    }
  }

  private static void resume(Run run) {
    if (!run.isOpen()) {
      run.open();
    }
    Step commit =
        new Step.Commit(
            List.of(Change.put(History.key(1, 1), "room again".getBytes())), Durability.SYNC);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      try {
        run.execute(commit);
        return;
      } catch (VarveException e) {
        if (e.code() != ErrorCode.DISK_FULL || System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }
  }

  /** Only errors that name what the machine did are allowed. */
  private static void tolerate(Runnable action) {
    try {
      action.run();
    } catch (VarveException e) {
      if (e.code() != ErrorCode.IO && e.code() != ErrorCode.DISK_FULL) {
        throw e;
      }
    }
  }
}
