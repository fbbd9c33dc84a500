// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Progress;
import dev.varve.lsm.LsmStore;
import dev.varve.testkit.ChildJvm;
import dev.varve.testkit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real processes that write, at any moment, also while they recover from the last kill, with and
 * without the memtables that they leave behind.
 */
class KillTest {
  @TempDir private Path directory;

  @Test
  void killedWritersLoseNothingAcknowledged() {
    Seed.run((seed, random) -> killWriters(Integer.getInteger("varve.kills.short", 6), random));
  }

  @Test
  @Tag("slow")
  void aThousandKilledWritersLoseNothingAcknowledged() {
    Seed.run((seed, random) -> killWriters(Integer.getInteger("varve.kills", 1000), random));
  }

  private void killWriters(int kills, RandomGenerator random) throws IOException {
    Path store = directory.resolve("store");
    Path acknowledgements = directory.resolve("acknowledgements");
    for (int i = 0; i < kills; i++) {
      if (random.nextInt(3) == 0) {
        removeMemTables(store);
      }
      killWriter(store, acknowledgements, random);
    }
    try (Acknowledgements known = Acknowledgements.open(acknowledgements);
        LsmStore last = KillTarget.open(store)) {
      long commits = 0;
      for (int thread = 0; thread < KillTarget.THREADS; thread++) {
        commits += KillTarget.check(last, known, thread);
      }
      assertEquals(List.of(), last.verify(Progress.NONE));
      assertTrue(commits > 0);
      System.out.println(kills + " kills, " + commits + " commits");
    }
  }

  private static void killWriter(Path store, Path acknowledgements, RandomGenerator random)
      throws IOException {
    try (ChildJvm child =
        ChildJvm.start(
            KillTarget.class,
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-ea"),
            store.toString(),
            acknowledgements.toString())) {
      if (random.nextInt(4) == 0) {
        pause(random.nextInt(600)); // Maybe while it recovers.
      } else {
        assertNotNull(child.readLine(), () -> "the child died: " + child.errors());
        pause(random.nextInt(400));
      }
      child.kill();
      assertTrue(child.errors().isEmpty(), child::errors);
    }
  }

  private static void pause(int millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left; (left = end - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
  }

  /** As if the machine had been booted again: only the log is left. */
  private static void removeMemTables(Path store) throws IOException {
    if (Files.isDirectory(store)) {
      try (var files = Files.newDirectoryStream(store, "*.arena")) {
        for (Path each : files) {
          Files.delete(each);
        }
      }
    }
  }
}
