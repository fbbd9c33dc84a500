// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.file.LocalFileSystem;
import dev.varve.core.store.VersionedStore;
import dev.varve.lsm.LsmOptions;
import dev.varve.lsm.LsmStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fills a real file system to the last byte. */
class FullDiskTest {
  private static final int DISK_BYTES = 24 << 20;
  private static final int VALUE_BYTES = 4000;

  @TempDir private Path directory;

  private Path disk;

  @BeforeEach
  void mount() throws IOException {
    disk = directory.resolve("disk");
    Files.createDirectories(disk);
    assumeTrue(Files.isExecutable(Path.of("/bin/mount")), "there is no mount command");
    int exit = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", disk.toString());
    assumeTrue(exit == 0, "mounting needs privileges that this process lacks");
  }

  @AfterEach
  void unmount() throws IOException {
    run("umount", "-l", disk.toString());
  }

  private static int run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.onExit().join().exitValue();
  }

  @Test
  void aFullDiskIsAnErrorWithANameAndNothingAcknowledgedIsLost() throws IOException {
    Path ballast = disk.resolve("ballast");
    Files.write(ballast, new byte[4 << 20]);
    int written;
    try (LsmStore store = open()) {
      written = fill(store, 0);
      check(store, written);
      Files.delete(ballast);
      written = resume(store, written);
      written = fill(store, written);
      check(store, written);
    }
    try (LsmStore store = open()) {
      check(store, written);
      // A merge of everything needs as much again, beside what the collector has not unmapped yet.
      assertEquals(0, run("mount", "-o", "remount,size=" + 4 * DISK_BYTES, disk.toString()));
      written = resume(store, written);
      store.compact(Progress.NONE);
      check(store, written);
      assertEquals(List.of(), store.verify(Progress.NONE));
    }
    System.out.println("full disk twice, " + written + " entries kept");
  }

  private LsmStore open() {
    LsmOptions options =
        LsmOptions.defaults()
            .memoryLimitBytes(16 << 20)
            .memTableBytes(1 << 20)
            .fileBytes(1 << 20)
            .baseLevelBytes(4 << 20);
    return LsmStore.open(new LocalFileSystem(), disk.resolve("store"), options);
  }

  /** Writes until the disk is full. */
  private static int fill(LsmStore store, int from) {
    for (int n = from; ; n++) {
      try {
        put(store, n);
      } catch (VarveException e) {
        assertEquals(ErrorCode.DISK_FULL, e.code(), e::getMessage);
        assertTrue(n > from, "not one entry fits");
        return n;
      }
    }
  }

  private static int resume(LsmStore store, int from) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      try {
        put(store, from);
        return from + 1;
      } catch (VarveException e) {
        if (e.code() != ErrorCode.DISK_FULL || System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
    }
  }

  private static void put(LsmStore store, int n) {
    byte[] key = key(n);
    byte[] value = value(n);
    store.put(key, 0, key.length, value, 0, value.length, Durability.SYNC);
  }

  private static void check(LsmStore store, int written) {
    for (int n = 0; n < written; n++) {
      byte[] key = key(n);
      assertArrayEquals(value(n), store.get(key, 0, key.length, VersionedStore.NEWEST));
    }
    byte[] next = key(written);
    assertEquals(false, store.contains(next, 0, next.length, VersionedStore.NEWEST));
  }

  private static byte[] key(int n) {
    return ByteBuffer.allocate(5).put((byte) 1).putInt(Integer.reverse(n)).array();
  }

  private static byte[] value(int n) {
    byte[] value = new byte[VALUE_BYTES];
    new Random(n).nextBytes(value);
    return value;
  }
}
