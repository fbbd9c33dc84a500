// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.core.file.DiskFullException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.FileSystemContract;
import dev.varve.core.file.InMemoryFileSystem;
import dev.varve.core.file.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FaultyFileSystemTest {
  private static final Path ROOT = Path.of("/faulty");

  private final FileSystem sound = new InMemoryFileSystem();
  private final FaultyFileSystem files = new FaultyFileSystem(sound);

  @Nested
  class Contract extends FileSystemContract {
    @Override
    protected FileSystem fileSystem() {
      return files;
    }

    @Override
    protected Path root() {
      return ROOT;
    }
  }

  @Test
  void theChosenOperationFailsAndDoesNothing() throws IOException {
    files.createDirectories(ROOT);
    files.faults().ioErrorAt(files.faults().operations() + 1);
    assertThrows(IOException.class, () -> files.create(ROOT.resolve("a")));
    assertEquals(0, sound.list(ROOT).size());
    files.create(ROOT.resolve("a")).close();
    assertEquals(1, files.faults().injected());
  }

  @Test
  void aFullDiskRefusesOnlyWhatNeedsSpaceUntilThereIsRoom() throws IOException {
    files.createDirectories(ROOT);
    try (WritableFile writer = files.create(ROOT.resolve("a"))) {
      files.faults().diskFullFrom(1);
      assertThrows(DiskFullException.class, () -> writer.append(ByteBuffer.allocate(1)));
      assertThrows(DiskFullException.class, () -> files.mapWritable(ROOT.resolve("b"), 10));
      writer.sync();
      files.syncDirectory(ROOT);
      files.faults().clear();
      writer.append(ByteBuffer.allocate(3));
      assertEquals(3, writer.sizeBytes());
    }
  }

  @Test
  void onlyChosenKindsFail() throws IOException {
    files.createDirectories(ROOT);
    files.faults().ioErrorFrom(1).only(Operation.SYNC_FILE, Operation.READ);
    try (WritableFile writer = files.create(ROOT.resolve("a"))) {
      writer.append(ByteBuffer.allocate(10));
      assertThrows(IOException.class, writer::sync);
    }
    assertThrows(IOException.class, () -> files.read(ROOT.resolve("a"), 0, ByteBuffer.allocate(1)));
    assertEquals(10, files.sizeBytes(ROOT.resolve("a")));
  }

  @Test
  void aShortWriteLeavesTheFirstHalf() throws IOException {
    files.createDirectories(ROOT);
    try (WritableFile writer = files.create(ROOT.resolve("a"))) {
      files.faults().shortWriteAt(files.faults().operations() + 1);
      assertThrows(IOException.class, () -> writer.append(ByteBuffer.allocate(10)));
    }
    assertEquals(5, sound.sizeBytes(ROOT.resolve("a")));
  }

  @Test
  void theTraceNamesWhatFailedAndThenTheLastOperations() throws IOException {
    files.createDirectories(ROOT);
    files.faults().ioErrorAt(2);
    String message = assertThrows(IOException.class, () -> files.list(ROOT)).getMessage();
    assertTrue(message.contains("LIST /faulty operation=2"), message);
    assertEquals(3, files.faults().trace().size());
    assertTrue(files.faults().trace().get(0).startsWith("IO_ERROR operation=2 mutation=1 LIST"));
    assertTrue(files.faults().trace().get(1).contains("operation=1"));
    assertTrue(files.faults().trace().get(2).contains("operation=2 mutation=1 LIST"));
  }
}
