// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link FileSystem} does; each implementation has a subclass of this. */
public abstract class FileSystemContract {
  private FileSystem files;
  private Path root;

  /** The file system under test. */
  protected abstract FileSystem fileSystem() throws IOException;

  /** An absolute directory that the tests may create and fill. */
  protected abstract Path root() throws IOException;

  @BeforeEach
  final void createRoot() throws IOException {
    files = fileSystem();
    root = root();
    files.createDirectories(root);
  }

  @AfterEach
  final void noInterruptIsLeftBehind() {
    assertFalse(Thread.interrupted());
  }

  @Test
  final void aFileHoldsWhatWasAppended() throws IOException {
    Path file = root.resolve("a");
    try (WritableFile writer = files.create(file)) {
      writer.append(bytes("hello "));
      writer.append(bytes("world"));
      assertEquals(11, writer.sizeBytes());
      writer.sync();
    }
    assertEquals(11, files.sizeBytes(file));
    assertEquals("hello world", text(file));
  }

  @Test
  final void appendTakesTheRemainingBytesOfEveryKindOfBuffer() throws IOException {
    Path file = root.resolve("a");
    byte[] expected = "0123456789".repeat(3).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer direct = ByteBuffer.allocateDirect(20);
    direct.put(5, expected, 0, 10).position(5).limit(15);
    ByteBuffer readOnly = ByteBuffer.wrap(expected, 10, 10).asReadOnlyBuffer();
    ByteBuffer slice = ByteBuffer.wrap(expected).slice(20, 10);
    try (WritableFile writer = files.create(file)) {
      for (ByteBuffer each : List.of(direct, readOnly, slice)) {
        writer.append(each);
        assertEquals(0, each.remaining());
      }
      writer.append(ByteBuffer.allocate(0));
    }
    assertArrayEquals(expected, content(file));
  }

  @Test
  final void aLargeAppendIsWrittenWhole() throws IOException {
    Path file = root.resolve("large");
    byte[] expected = new byte[5 * 1024 * 1024 + 7];
    new Random(1).nextBytes(expected);
    try (WritableFile writer = files.create(file)) {
      writer.append(ByteBuffer.wrap(expected));
    }
    assertArrayEquals(expected, content(file));
  }

  @Test
  final void aClosedWriterRefuses() throws IOException {
    WritableFile writer = files.create(root.resolve("a"));
    writer.close();
    writer.close();
    assertThrows(ClosedChannelException.class, () -> writer.append(bytes("late")));
    assertThrows(ClosedChannelException.class, writer::sync);
  }

  @Test
  final void createGivesTheNameToANewFileAndLeavesOtherNamesOfTheOldOneAlone() throws IOException {
    Path file = root.resolve("a");
    Path checkpoint = root.resolve("checkpoint");
    write(file, "old content");
    files.link(file, checkpoint);
    write(file, "new");
    assertEquals("new", text(file));
    assertEquals("old content", text(checkpoint));
  }

  @Test
  final void createNeedsItsDirectory() {
    assertThrows(NoSuchFileException.class, () -> files.create(root.resolve("absent/a")));
  }

  @Test
  final void directoriesAreCreatedWithTheirParentsAndListedAscending() throws IOException {
    files.createDirectories(root.resolve("d/e/f"));
    files.createDirectories(root.resolve("d/e/f"));
    write(root.resolve("d/b"), "");
    write(root.resolve("d/a"), "");
    write(root.resolve("d/e/hidden from d"), "");
    assertEquals(List.of("a", "b", "e"), files.list(root.resolve("d")));
    assertTrue(files.exists(root.resolve("d/e/f")));
    assertThrows(NoSuchFileException.class, () -> files.list(root.resolve("absent")));
  }

  @Test
  final void aDirectoryIsNotCreatedOverAFile() throws IOException {
    write(root.resolve("a"), "");
    assertThrows(
        FileAlreadyExistsException.class, () -> files.createDirectories(root.resolve("a")));
  }

  @Test
  final void deleteRemovesFilesAndEmptyDirectoriesOnly() throws IOException {
    files.createDirectories(root.resolve("d"));
    write(root.resolve("d/a"), "x");
    assertThrows(DirectoryNotEmptyException.class, () -> files.delete(root.resolve("d")));
    files.delete(root.resolve("d/a"));
    files.delete(root.resolve("d/a"));
    files.delete(root.resolve("d"));
    assertFalse(files.exists(root.resolve("d/a")));
    assertFalse(files.exists(root.resolve("d")));
  }

  @Test
  final void renameReplaces() throws IOException {
    write(root.resolve("from"), "new");
    write(root.resolve("to"), "old");
    files.rename(root.resolve("from"), root.resolve("to"));
    assertEquals(List.of("to"), files.list(root));
    assertEquals("new", text(root.resolve("to")));
    assertThrows(
        NoSuchFileException.class, () -> files.rename(root.resolve("from"), root.resolve("to")));
  }

  @Test
  final void renameMovesADirectoryWithWhatIsInIt() throws IOException {
    files.createDirectories(root.resolve("d/e"));
    write(root.resolve("d/e/a"), "content");
    files.rename(root.resolve("d"), root.resolve("moved"));
    assertFalse(files.exists(root.resolve("d")));
    assertEquals("content", text(root.resolve("moved/e/a")));
  }

  @Test
  final void aLinkIsASecondNameOfTheSameFile() throws IOException {
    write(root.resolve("a"), "content");
    files.link(root.resolve("a"), root.resolve("b"));
    files.delete(root.resolve("a"));
    assertEquals("content", text(root.resolve("b")));
    write(root.resolve("c"), "other");
    assertThrows(
        FileAlreadyExistsException.class, () -> files.link(root.resolve("b"), root.resolve("c")));
    assertThrows(NoSuchFileException.class, () -> files.link(root.resolve("a"), root.resolve("d")));
  }

  @Test
  final void readStopsAtTheEnd() throws IOException {
    Path file = root.resolve("a");
    write(file, "0123456789");
    ByteBuffer into = ByteBuffer.allocate(8);
    assertEquals(4, files.read(file, 6, into.position(2)));
    assertEquals(6, into.position());
    assertEquals("6789", StandardCharsets.US_ASCII.decode(into.slice(2, 4)).toString());
    assertEquals(-1, files.read(file, 10, ByteBuffer.allocate(1)));
    assertEquals(-1, files.read(file, 1000, ByteBuffer.allocate(1)));
    assertThrows(
        NoSuchFileException.class,
        () -> files.read(root.resolve("absent"), 0, ByteBuffer.allocate(1)));
    assertThrows(NoSuchFileException.class, () -> files.sizeBytes(root.resolve("absent")));
  }

  @Test
  final void aReadOnlyMappingShowsTheFileAndRefusesStores() throws IOException {
    Path file = root.resolve("a");
    write(file, "content");
    try (MappedFile mapped = files.mapReadOnly(file)) {
      ByteBuffer buffer = mapped.buffer();
      assertSame(buffer, mapped.buffer());
      assertTrue(buffer.isDirect());
      assertEquals(7, mapped.sizeBytes());
      assertEquals("content", StandardCharsets.UTF_8.decode(buffer.duplicate()).toString());
      assertThrows(ReadOnlyBufferException.class, () -> buffer.put(0, (byte) 1));
    }
    assertThrows(NoSuchFileException.class, () -> files.mapReadOnly(root.resolve("absent")));
  }

  @Test
  final void anEmptyFileCanBeMapped() throws IOException {
    write(root.resolve("a"), "");
    try (MappedFile mapped = files.mapReadOnly(root.resolve("a"))) {
      assertEquals(0, mapped.sizeBytes());
      assertEquals(0, mapped.buffer().capacity());
    }
  }

  @Test
  final void aMappingOutlivesItsName() throws IOException {
    Path file = root.resolve("a");
    write(file, "content");
    try (MappedFile mapped = files.mapReadOnly(file)) {
      files.delete(file);
      write(file, "another");
      assertEquals(
          "content", StandardCharsets.UTF_8.decode(mapped.buffer().duplicate()).toString());
    }
  }

  @Test
  final void aWritableMappingStartsWithZerosAndSharesItsStores() throws IOException {
    Path file = root.resolve("a");
    int size = 300_001;
    try (MappedFile mapped = files.mapWritable(file, size)) {
      assertEquals(size, mapped.sizeBytes());
      assertEquals(0, mapped.buffer().position());
      assertEquals(size, mapped.buffer().limit());
      for (int i = 0; i < size; i++) {
        assertEquals(0, mapped.buffer().get(i));
      }
      mapped.buffer().put(0, (byte) 1).put(size - 1, (byte) 2);
      mapped.sync();
      try (MappedFile second = files.mapReadOnly(file)) {
        mapped.buffer().put(5, (byte) 3);
        assertEquals(3, second.buffer().get(5));
      }
    }
    byte[] content = content(file);
    assertEquals(size, content.length);
    assertEquals(1, content[0]);
    assertEquals(2, content[size - 1]);
  }

  @Test
  final void aWritableMappingTakesAFileOfItsSizeAndReplacesAnyOther() throws IOException {
    Path file = root.resolve("a");
    try (MappedFile mapped = files.mapWritable(file, 100)) {
      mapped.buffer().put(50, (byte) 7);
    }
    files.link(file, root.resolve("other name"));
    try (MappedFile mapped = files.mapWritable(file, 100)) {
      assertEquals(7, mapped.buffer().get(50));
    }
    try (MappedFile mapped = files.mapWritable(file, 60)) {
      assertEquals(0, mapped.buffer().get(50));
    }
    assertEquals(60, files.sizeBytes(file));
    assertEquals(100, files.sizeBytes(root.resolve("other name")));
  }

  @Test
  final void aClosedMappingRefusesToSync() throws IOException {
    MappedFile mapped = files.mapWritable(root.resolve("a"), 100);
    mapped.close();
    mapped.close();
    assertThrows(ClosedChannelException.class, mapped::sync);
  }

  @Test
  final void aLockHasOneHolderWhoIsNamed() throws Exception {
    Path file = root.resolve("LOCK");
    AutoCloseable first = files.lock(file, "pid=1 host=ä");
    FileLockedException refused =
        assertThrows(FileLockedException.class, () -> files.lock(file, "pid=2"));
    assertEquals("pid=1 host=ä", refused.owner());
    first.close();
    AutoCloseable second = files.lock(file, "pid=3");
    first.close();
    refused = assertThrows(FileLockedException.class, () -> files.lock(file, "pid=4"));
    assertEquals("pid=3", refused.owner());
    second.close();
    files.lock(file, "pid=5").close();
    assertTrue(files.exists(file));
  }

  @Test
  final void anInterruptedThreadCanDoEverythingAndStaysInterrupted() throws Exception {
    Path file = root.resolve("a");
    Thread.currentThread().interrupt();
    try (WritableFile writer = files.create(file)) {
      writer.append(bytes("content"));
      writer.sync();
    }
    assertEquals("content", text(file));
    files.syncDirectory(root);
    try (MappedFile mapped = files.mapReadOnly(file)) {
      assertEquals('c', mapped.buffer().get(0));
    }
    try (MappedFile mapped = files.mapWritable(root.resolve("w"), 1000)) {
      mapped.sync();
    }
    files.lock(root.resolve("LOCK"), "me").close();
    files.link(file, root.resolve("b"));
    files.rename(root.resolve("b"), root.resolve("c"));
    files.delete(root.resolve("c"));
    assertEquals(List.of("LOCK", "a", "w"), files.list(root));
    assertTrue(files.usableBytes(root) > 0);
    assertTrue(Thread.interrupted());
  }

  @Test
  final void interruptsAtAnyMomentNeitherLoseNorRepeatBytes() throws Exception {
    Path file = root.resolve("a");
    Thread writerThread = Thread.currentThread();
    AtomicBoolean done = new AtomicBoolean();
    Thread interrupter =
        new Thread(
            () -> {
              while (!done.get()) {
                writerThread.interrupt();
                Thread.onSpinWait();
              }
            });
    byte[] expected = new byte[200_000];
    new Random(2).nextBytes(expected);
    interrupter.start();
    try (WritableFile writer = files.create(file)) {
      for (int at = 0; at < expected.length; at += 1000) {
        writer.append(ByteBuffer.wrap(expected, at, 1000));
      }
      writer.sync();
    } finally {
      done.set(true);
      joinInterrupted(interrupter);
    }
    assertArrayEquals(expected, content(file));
  }

  private static void joinInterrupted(Thread thread) throws InterruptedException {
    while (thread.isAlive()) {
      Thread.interrupted();
      Thread.onSpinWait();
    }
    thread.join();
    Thread.interrupted();
  }

  @Test
  final void threadsWorkSideBySide() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<byte[]>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String name = "file-" + i;
        Callable<byte[]> work =
            () -> {
              for (int round = 0; round < 50; round++) {
                write(root.resolve(name + ".tmp"), name + round);
                files.rename(root.resolve(name + ".tmp"), root.resolve(name));
                files.list(root);
              }
              return content(root.resolve(name));
            };
        results.add(threads.submit(work));
      }
      for (int i = 0; i < 4; i++) {
        assertEquals("file-" + i + "49", new String(results.get(i).get(), StandardCharsets.UTF_8));
      }
    } finally {
      threads.shutdown();
      assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
    }
  }

  @Test
  final void theBootIdStaysTheSame() {
    assertEquals(files.bootId(), files.bootId());
  }

  @Test
  final void usableBytesIsKnownForPathsThatAreNotThereYet() throws IOException {
    assertTrue(files.usableBytes(root.resolve("not/there/yet")) > 0);
  }

  private void write(Path file, String text) throws IOException {
    try (WritableFile writer = files.create(file)) {
      writer.append(bytes(text));
    }
  }

  private String text(Path file) throws IOException {
    return new String(content(file), StandardCharsets.UTF_8);
  }

  private byte[] content(Path file) throws IOException {
    ByteBuffer into = ByteBuffer.allocate((int) files.sizeBytes(file));
    files.read(file, 0, into);
    assertEquals(0, into.remaining());
    return into.array();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
