// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileSystemTest {
  private final FileSystem files = new LocalFileSystem();

  @TempDir private Path directory;

  @Nested
  class Contract extends FileSystemContract {
    @Override
    protected FileSystem fileSystem() {
      return files;
    }

    @Override
    protected Path root() {
      return directory.resolve("root");
    }
  }

  @Test
  void aWritableMappingHasNoHoles() throws IOException {
    assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("unix"));
    Path file = directory.resolve("a");
    int size = 3 << 20;
    try (MappedFile mapped = files.mapWritable(file, size)) {
      mapped.sync();
      long blocks = blocks(file);
      assertTrue(blocks * 512 >= size, () -> "allocated blocks of 512 bytes: " + blocks);
    }
  }

  private static long blocks(Path file) throws IOException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    return Long.parseLong(new String(stat.getInputStream().readAllBytes()).strip());
  }

  @Test
  void theSpaceOfClosedMappingsOfDeletedFilesComesBack() throws IOException {
    assumeTrue(Files.isReadable(Path.of("/proc/self/maps")));
    int size = 8 << 20;
    for (int i = 0; i < 8; i++) {
      Path file = directory.resolve("table-" + i);
      files.mapWritable(file, size).close();
      files.mapReadOnly(file).close();
      files.delete(file);
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (mappingsOfDeletedFiles() * size > 32 << 20 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    assertTrue(mappingsOfDeletedFiles() * size <= 32 << 20);
  }

  private long mappingsOfDeletedFiles() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains(directory + "/table-")).count();
    }
  }

  @Test
  void anotherClassLoaderOfThisJvmIsKeptOut() throws Exception {
    Path file = directory.resolve("LOCK");
    AutoCloseable held = files.lock(file, "the first");
    try (var loader = new IsolatedLoader()) {
      Class<?> other = loader.loadClass(LocalFileSystem.class.getName());
      assertNotSame(LocalFileSystem.class, other);
      Object otherFiles = other.getConstructor().newInstance();
      Method lock = other.getMethod("lock", Path.class, String.class);
      Throwable refused =
          assertThrows(
                  InvocationTargetException.class,
                  () -> lock.invoke(otherFiles, file, "the second"))
              .getCause();
      assertEquals(FileLockedException.class.getName(), refused.getClass().getName());
      assertTrue(refused.getMessage().contains("the first"), refused::getMessage);
    } finally {
      held.close();
    }
  }

  /** Loads Varve's classes once more. */
  private static final class IsolatedLoader extends URLClassLoader {
    IsolatedLoader() {
      super(
          new URL[] {LocalFileSystem.class.getProtectionDomain().getCodeSource().getLocation()},
          ClassLoader.getPlatformClassLoader());
    }
  }

  @Test
  void aFullDiskShowsWhenMappingAndLeavesNoDebris() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("mnt"), 1 << 20)) {
      Path file = disk.path().resolve("segment");
      assertThrows(DiskFullException.class, () -> files.mapWritable(file, 4 << 20));
      assertFalse(files.exists(file));
      files.mapWritable(file, 1 << 18).close();
    }
  }

  @Test
  void aFullDiskShowsWhenAppending() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("mnt"), 1 << 20)) {
      Path file = disk.path().resolve("table");
      try (WritableFile writer = files.create(file)) {
        assertThrows(DiskFullException.class, () -> writer.append(ByteBuffer.allocate(4 << 20)));
        assertEquals(writer.sizeBytes(), files.sizeBytes(file));
      }
    }
  }

  /** A file system in memory of a fixed size. */
  private record SmallDisk(Path path) implements AutoCloseable {
    static SmallDisk mount(Path path, int bytes) throws IOException {
      assumeTrue(Files.isExecutable(Path.of("/bin/mount")), "there is no mount command");
      Files.createDirectories(path);
      int exit = run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", path.toString());
      assumeTrue(exit == 0, "mounting needs privileges that this process lacks");
      return new SmallDisk(path);
    }

    @Override
    public void close() throws IOException {
      assertEquals(0, run("umount", "-l", path.toString()));
    }

    private static int run(String... command) throws IOException {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.onExit().join().exitValue();
    }
  }
}
