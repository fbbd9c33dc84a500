// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.commit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Durability;
import dev.varve.core.codec.Bytes;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.file.MappedFile;
import dev.varve.testkit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, really killed in the middle of commits. */
class KillTest {
  private static final int THREADS = 3;
  private static final int ARENA_BYTES = 4 << 20;
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final int ACK_BYTES = 4096;

  @Test
  @Timeout(60)
  void losesNothingAcknowledgedWhenTheProcessIsKilled(@TempDir Path directory) {
    Seed.run((seed, random) -> killRepeatedly(directory, 4, random));
  }

  @Test
  @Tag("slow")
  void losesNothingAcknowledgedInManyKills(@TempDir Path directory) {
    Seed.run((seed, random) -> killRepeatedly(directory, 200, random));
  }

  private static void killRepeatedly(Path parent, int kills, RandomGenerator random)
      throws Exception {
    Path directory = parent.resolve("0");
    for (int kill = 0; kill < kills; kill++) {
      if (kill % 4 == 0) {
        directory = parent.resolve(String.valueOf(kill));
        Files.createDirectories(directory);
      }
      killOnce(directory, random.nextInt(100), random.nextInt(3) == 0);
    }
  }

  private static void killOnce(Path directory, int millis, boolean withoutMemTables)
      throws Exception {
    FileSystem files = new LocalFileSystem();
    try (MappedFile acknowledged = files.mapWritable(directory.resolve("acks"), ACK_BYTES)) {
      long[] before = acknowledged(acknowledged);
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx64m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  KillTest.class.getName(),
                  directory.toString())
              .inheritIO()
              .start();
      while (!haveAllRisen(before, acknowledged(acknowledged))) {
        assertTrue(child.isAlive(), "the child died by itself");
        Thread.onSpinWait();
      }
      assertTrue(!child.waitFor(millis, java.util.concurrent.TimeUnit.MILLISECONDS));
      child.destroyForcibly().waitFor();
      if (withoutMemTables) {
        for (String name : files.list(directory)) {
          if (name.endsWith(".arena")) {
            files.delete(directory.resolve(name));
          }
        }
      }
      check(files, directory, acknowledged, withoutMemTables);
    }
  }

  private static long[] acknowledged(MappedFile file) {
    long[] counts = new long[THREADS];
    for (int t = 0; t < THREADS; t++) {
      counts[t] = Bytes.longLE(file.buffer(), t * 64);
    }
    return counts;
  }

  private static boolean haveAllRisen(long[] before, long[] now) {
    for (int t = 0; t < THREADS; t++) {
      if (now[t] <= before[t]) {
        return false;
      }
    }
    return true;
  }

  private static void check(
      FileSystem files, Path directory, MappedFile acknowledged, boolean withoutMemTables)
      throws IOException {
    try (PipelineFixture store =
        new PipelineFixture(files, directory, ARENA_BYTES, SEGMENT_BYTES)) {
      assertEquals(0, store.adopted.flaws().size(), () -> store.adopted.flaws().toString());
      assertEquals(withoutMemTables, store.adopted.memTables().isEmpty());
      for (int t = 0; t < THREADS; t++) {
        long count = Bytes.longLE(acknowledged.buffer(), t * 64);
        byte[] counter = store.get(key(t, "counter"), Long.MAX_VALUE);
        long found = counter == null ? 0 : Bytes.longBE(counter, 0);
        assertTrue(found >= count, "acknowledged " + count + " found " + found);
        for (long i = 1; i <= found; i++) {
          assertArrayEquals(number(i), store.get(key(t, "n" + i), Long.MAX_VALUE));
        }
        assertEquals(null, store.get(key(t, "n" + (found + 1)), Long.MAX_VALUE));
        Bytes.setLongLE(acknowledged.buffer(), t * 64, found);
      }
    }
  }

  /** The child: commits until it is killed. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    FileSystem files = new LocalFileSystem();
    MappedFile acknowledged = files.mapWritable(directory.resolve("acks"), ACK_BYTES);
    PipelineFixture store = new PipelineFixture(files, directory, ARENA_BYTES, SEGMENT_BYTES);
    for (int t = 0; t < THREADS; t++) {
      int id = t;
      new Thread(
              () -> {
                long i = Bytes.longLE(acknowledged.buffer(), id * 64);
                while (true) {
                  i++;
                  store.pipeline.commit(
                      PipelineFixture.puts(number(i), key(id, "n" + i), key(id, "counter")),
                      i % 100 == 0 ? Durability.SYNC : Durability.NONE,
                      i % 7 == 0 ? timestamp -> {} : null);
                  Bytes.setLongLE(acknowledged.buffer(), id * 64, i);
                }
              })
          .start();
    }
  }

  private static byte[] key(int thread, String text) {
    return CommitPipelineTest.key(thread + text);
  }

  private static byte[] number(long value) {
    return CommitPipelineTest.number(value);
  }
}
