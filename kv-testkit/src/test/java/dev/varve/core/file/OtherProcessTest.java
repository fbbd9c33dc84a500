// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.memory.MemoryPurpose;
import dev.varve.core.memory.OffHeap;
import dev.varve.core.memory.Region;
import dev.varve.testkit.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a second process can show: locks between processes, stderr, small heaps. */
class OtherProcessTest {
  private static final int MIB = 1 << 20;

  @TempDir private Path directory;

  @Test
  void aLockExcludesOtherProcessesNamesItsHolderAndDiesWithIt() throws Exception {
    FileSystem files = new LocalFileSystem();
    Path file = directory.resolve("LOCK");
    try (ChildJvm child = ChildJvm.start(Holder.class, List.of(), file.toString())) {
      assertEquals("locked", child.readLine());
      FileLockedException refused =
          assertThrows(FileLockedException.class, () -> files.lock(file, "parent"));
      assertEquals("pid=" + child.pid(), refused.owner());
      child.kill();
      files.lock(file, "parent").close();
    }
  }

  @Test
  void aSmallHeapHoldsMuchOffHeapMemoryAndNothingIsPrinted() throws IOException {
    for (Path javaHome : ChildJvm.javaHomes()) {
      try (ChildJvm child =
          ChildJvm.start(
              javaHome, User.class, List.of("-Xmx24m"), directory.resolve("file").toString())) {
        assertEquals("used 96 MiB", child.readLine(), () -> javaHome + ": " + child.errors());
        assertEquals(0, child.join(60));
        assertEquals("", child.errors());
      }
    }
  }

  @Test
  void aMappingsStoresAreSeenByTheNextProcessAfterAKill() throws Exception {
    FileSystem files = new LocalFileSystem();
    Path file = directory.resolve("arena");
    try (ChildJvm child = ChildJvm.start(Storer.class, List.of(), file.toString())) {
      assertEquals("stored", child.readLine());
      child.kill();
    }
    try (MappedFile mapped = files.mapWritable(file, MIB)) {
      for (int at = 0; at < MIB; at += 8) {
        assertEquals(at + 1, mapped.buffer().getLong(at));
      }
    }
  }

  /** Holds a lock until it is killed. */
  static final class Holder {
    public static void main(String[] arguments) throws Exception {
      Object lock =
          new LocalFileSystem().lock(Path.of(arguments[0]), "pid=" + ProcessHandle.current().pid());
      System.out.println("locked");
      sleepUntilKilled(lock);
    }
  }

  /** Stores into a mapping without a sync and waits to be killed. */
  static final class Storer {
    public static void main(String[] arguments) throws Exception {
      MappedFile mapped = new LocalFileSystem().mapWritable(Path.of(arguments[0]), MIB);
      for (int at = 0; at < MIB; at += 8) {
        mapped.buffer().putLong(at, at + 1);
      }
      System.out.println("stored");
      sleepUntilKilled(mapped);
    }
  }

  private static void sleepUntilKilled(Object held) throws InterruptedException {
    synchronized (held) {
      while (true) {
        held.wait();
      }
    }
  }

  /** Uses every kind of memory and file, far more than its heap. */
  static final class User {
    public static void main(String[] arguments) throws Exception {
      MemoryBudget budget = new MemoryBudget(256L * MIB);
      Region[] regions = new Region[12];
      for (int i = 0; i < regions.length; i++) {
        regions[i] = OffHeap.allocate(budget, MemoryPurpose.BLOCK_CACHE, 8 * MIB);
        ByteBuffer buffer = regions[i].buffer();
        for (int at = 0; at < buffer.capacity(); at += 4096) {
          buffer.putInt(at, i);
        }
      }
      FileSystem files = new LocalFileSystem();
      Path file = Path.of(arguments[0]);
      try (MappedFile mapped = files.mapWritable(file, MIB)) {
        mapped.buffer().putInt(0, 1);
        mapped.sync();
      }
      files.mapReadOnly(file).close();
      files.delete(file);
      files.lock(file, "me").close();
      System.out.println("used " + budget.usedBytes() / MIB + " MiB");
      for (Region each : regions) {
        each.close();
      }
    }
  }
}
