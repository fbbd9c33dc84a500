// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.memory.MemoryPurpose;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InMemoryFileSystemTest {
  private static final Path ROOT = Path.of("/memory/db");

  private final MemoryBudget budget = new MemoryBudget(1 << 20);
  private final FileSystem files = new InMemoryFileSystem(budget);

  @Nested
  class Contract extends FileSystemContract {
    @Override
    protected FileSystem fileSystem() {
      return new InMemoryFileSystem();
    }

    @Override
    protected Path root() {
      return ROOT;
    }
  }

  @BeforeEach
  void createRoot() throws IOException {
    files.createDirectories(ROOT);
  }

  @Test
  void memoryIsFreedWithTheLastNameAndTheLastMapping() throws IOException {
    write("a", 10_000);
    files.link(ROOT.resolve("a"), ROOT.resolve("b"));
    MappedFile mapped = files.mapReadOnly(ROOT.resolve("b"));
    files.delete(ROOT.resolve("a"));
    files.delete(ROOT.resolve("b"));
    assertEquals(10_000, used());
    mapped.close();
    mapped.close();
    assertEquals(0, used());
  }

  @Test
  void memoryOfAnOpenMappingIsFreedWithTheNameWhenTheMappingWentFirst() throws IOException {
    files.mapWritable(ROOT.resolve("a"), 5000).close();
    assertEquals(5000, used());
    files.delete(ROOT.resolve("a"));
    assertEquals(0, used());
  }

  @Test
  void aFinishedFileWastesLittle() throws IOException {
    write("a", 70_000);
    assertEquals(70_000, used());
    files.create(ROOT.resolve("a")).close();
    assertEquals(0, used());
  }

  @Test
  void theEndOfTheBudgetIsAFullDisk() throws IOException {
    WritableFile writer = files.create(ROOT.resolve("a"));
    ByteBuffer chunk = ByteBuffer.allocate(100_000);
    assertThrows(
        DiskFullException.class,
        () -> {
          for (int i = 0; i < 20; i++) {
            writer.append(chunk.clear());
          }
        });
    writer.close();
    assertEquals(0, writer.sizeBytes() % 100_000);
    assertThrows(DiskFullException.class, () -> files.mapWritable(ROOT.resolve("b"), 1 << 20));
    assertFalse(files.exists(ROOT.resolve("b")));
    files.delete(ROOT.resolve("a"));
    assertEquals(1 << 20, files.usableBytes(ROOT));
    files.mapWritable(ROOT.resolve("b"), 1 << 20).close();
  }

  @Test
  void aFileBeingWrittenIsNotMapped() throws IOException {
    try (WritableFile writer = files.create(ROOT.resolve("a"))) {
      assertThrows(IOException.class, () -> files.mapReadOnly(ROOT.resolve("a")));
      writer.append(ByteBuffer.allocate(1));
    }
  }

  private void write(String name, int bytes) throws IOException {
    try (WritableFile writer = files.create(ROOT.resolve(name))) {
      for (int i = 0; i < bytes; i += 100) {
        writer.append(ByteBuffer.allocate(100));
      }
    }
  }

  private long used() {
    return budget.usedBytes(MemoryPurpose.FILES);
  }
}
