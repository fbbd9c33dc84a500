// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Progress;
import dev.varve.testkit.PowerCut;
import dev.varve.testkit.Seed;
import dev.varve.testkit.SimulatedFileSystem;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Cuts the power, or kills the process, in the middle of every operation on files that a random history
 * does, and again while the store recovers; then the store must open with what was promised.
 */
class CrashTest {
  private static final int STEPS = 12;

  private static Thread.@Nullable UncaughtExceptionHandler handler;

  /** Threads of an engine whose machine is off end as they may. */
  @BeforeAll
  static void expectPowerCuts() {
    handler = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          if (!(failure instanceof PowerCut)) {
            failure.printStackTrace();
          }
        });
  }

  @AfterAll
  static void expectNoPowerCuts() {
    Thread.setDefaultUncaughtExceptionHandler(handler);
  }

  @Test
  void noOperationLosesWhatWasPromisedWhenThePowerGoes() {
    crashEverywhere(shortHistories(), 1, true);
  }

  @Test
  void noOperationLosesWhatWasAcknowledgedWhenTheProcessDies() {
    crashEverywhere(shortHistories(), 1, false);
  }

  @Test
  @Tag("slow")
  void noOperationOfManyHistoriesLosesWhatWasPromisedWhenThePowerGoes() {
    crashEverywhere(longHistories(), longStride(), true);
  }

  @Test
  @Tag("slow")
  void noOperationOfManyHistoriesLosesWhatWasAcknowledgedWhenTheProcessDies() {
    crashEverywhere(longHistories(), longStride(), false);
  }

  private static int shortHistories() {
    return Integer.getInteger("varve.crash.histories.short", 6);
  }

  private static int longHistories() {
    return Integer.getInteger("varve.crash.histories", 10_000);
  }

  /** Operations from one crash to the next; 1 for all of them. */
  private static int longStride() {
    return Integer.getInteger("varve.crash.stride", 1);
  }

  private static void crashEverywhere(int histories, int stride, boolean power) {
    long first = Seed.pick();
    long crashes = 0;
    for (int i = 0; i < histories; i++) {
      long seed = first + i;
      crashes += crashAtEveryOperation(seed, stride, power);
    }
    assertTrue(crashes > histories);
    System.out.println(histories + " histories, " + crashes + " crashes");
  }

  private static long crashAtEveryOperation(long seed, int stride, boolean power) {
    List<Step> steps = History.random(Seed.random(seed), STEPS);
    long crashes = 0;
    boolean crashed = true;
    for (int k = 1 + Seed.random(seed).nextInt(stride); crashed; k += stride) {
      int at = k;
      boolean[] reached = new boolean[1];
      Seed.run(seed, (same, unused) -> reached[0] = crashAt(steps, at, seed * 31 + at, power));
      crashed = reached[0];
      crashes++;
    }
    return crashes;
  }

  /** False when the history was over before its k-th operation. */
  private static boolean crashAt(List<Step> steps, int k, long seed, boolean power) {
    RandomGenerator random = Seed.random(seed);
    SimulatedFileSystem files = new SimulatedFileSystem(random);
    Run run = new Run(files, Run.small());
    try {
      files.powerCutAt(k);
      carryOut(run, steps, files);
      boolean crashed = files.isDown();
      recover(run, files, random, power);
      return crashed;
    } catch (Throwable t) {
      throw new AssertionError(
          "crash in operation "
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

  private static void carryOut(Run run, List<Step> steps, SimulatedFileSystem files) {
    try {
      run.open();
      run.execute(steps);
    } catch (RuntimeException | PowerCut e) {
      if (!files.isDown()) {
        throw e;
      }
    }
  }

  private static void recover(
      Run run, SimulatedFileSystem files, RandomGenerator random, boolean power) {
    SimulatedFileSystem survivor = survivor(run, files, random, power);
    for (int again = random.nextInt(3); again > 0; again--) {
      survivor.powerCutAt(1 + random.nextInt(12));
      try {
        reopen(run, survivor, power);
        run.abandon();
      } catch (RuntimeException | PowerCut e) {
        if (!survivor.isDown()) {
          throw e;
        }
      }
      survivor = survivor(run, survivor, random, power);
    }
    reopen(run, survivor, power);
    run.execute(History.random(random, 4));
    run.check();
    assertEquals(List.of(), run.store().verify(Progress.NONE));
    run.close();
    survivor.assertNoLeaks();
    run.open();
    run.check();
    run.close();
    survivor.assertNoLeaks();
  }

  private static void reopen(Run run, SimulatedFileSystem survivor, boolean power) {
    if (power) {
      run.reopenAfterPowerCut(survivor);
    } else {
      run.reopenAfterKill(survivor);
    }
  }

  private static SimulatedFileSystem survivor(
      Run run, SimulatedFileSystem files, RandomGenerator random, boolean power) {
    SimulatedFileSystem survivor = power ? files.afterPowerCut(random) : files.afterKill();
    run.abandon();
    return survivor;
  }
}
