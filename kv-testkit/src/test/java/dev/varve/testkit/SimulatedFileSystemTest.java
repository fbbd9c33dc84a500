// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.core.file.DiskFullException;
import dev.varve.core.file.FileLockedException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.FileSystemContract;
import dev.varve.core.file.MappedFile;
import dev.varve.core.file.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SimulatedFileSystemTest {
  private static final Path ROOT = Path.of("/db");
  private static final Path A = ROOT.resolve("a");
  private static final Path B = ROOT.resolve("b");
  private static final int FUTURES = 400;

  private final RandomGenerator random = Seed.random(7);
  private SimulatedFileSystem files;

  @Nested
  class Contract extends FileSystemContract {
    @Override
    protected FileSystem fileSystem() {
      return new SimulatedFileSystem(random);
    }

    @Override
    protected Path root() {
      return ROOT;
    }
  }

  @BeforeEach
  void createRoot() throws IOException {
    files = withRoot();
  }

  private SimulatedFileSystem withRoot() throws IOException {
    SimulatedFileSystem fresh = new SimulatedFileSystem(random);
    fresh.createDirectories(ROOT);
    fresh.syncDirectory(Path.of("/"));
    return fresh;
  }

  @Test
  void whatWasSyncedSurvivesEveryPowerCut() throws IOException {
    write(files, A, "kept", true);
    files.syncDirectory(ROOT);
    assertEquals(Set.of("kept"), futures(after -> text(after, A)));
  }

  @Test
  void unsyncedAppendsAreLostKeptOrTorn() throws IOException {
    try (WritableFile writer = files.create(A)) {
      writer.append(bytes("synced"));
      writer.sync();
      files.syncDirectory(ROOT);
      writer.append(bytes("UNSYNCED"));
      Set<String> futures = futures(after -> text(after, A));
      assertTrue(futures.contains("synced"), futures::toString);
      assertTrue(futures.contains("syncedUNSYNCED"), futures::toString);
      assertTrue(futures.contains("syncedUNS"), futures::toString);
      assertTrue(futures.contains("synced\0\0\0\0\0\0\0\0"), futures::toString);
      assertTrue(futures.contains("synced\0\0\0\0CED".substring(0, 9)), futures::toString);
      for (String each : futures) {
        assertTrue(each.startsWith("synced"), each);
      }
    }
  }

  @Test
  void anUnsyncedFileMayHaveItsSizeWithoutItsBytes() throws IOException {
    write(files, A, "x".repeat(10_000), false);
    files.syncDirectory(ROOT);
    Set<String> futures = futures(after -> text(after, A));
    assertTrue(futures.contains(""));
    assertTrue(futures.contains("\0".repeat(10_000)));
    assertTrue(futures.contains("x".repeat(10_000)));
    assertTrue(futures.contains("\0".repeat(4096) + "x".repeat(5904)));
  }

  @Test
  void mappedStoresSurviveInAnyOrderWithoutASync() throws IOException {
    try (MappedFile mapped = files.mapWritable(A, 16)) {
      mapped.sync();
      files.syncDirectory(ROOT);
      mapped.buffer().putLong(0, 1).putLong(8, 2);
      Set<String> futures =
          futures(after -> content(after, A).getLong(0) + "," + content(after, A).getLong(8));
      assertTrue(futures.containsAll(Set.of("0,0", "1,0", "0,2", "1,2")), futures::toString);
    }
  }

  @Test
  void mappedStoresAfterASyncDoNotTakeTheSyncedOnesBack() throws IOException {
    try (MappedFile mapped = files.mapWritable(A, 8192)) {
      mapped.buffer().putLong(0, 1);
      mapped.sync();
      files.syncDirectory(ROOT);
      mapped.buffer().putLong(4096, 2);
      assertEquals(Set.of("1"), futures(after -> "" + content(after, A).getLong(0)));
    }
  }

  @Test
  void theKernelMayWriteAnOlderStateOfAPageThatIsStoredToAgain() throws IOException {
    Set<String> states = new TreeSet<>();
    for (int i = 0; i < 5 * FUTURES; i++) {
      SimulatedFileSystem each = withRoot();
      try (MappedFile mapped = each.mapWritable(A, 8);
          MappedFile other = each.mapWritable(B, 8)) {
        mapped.sync();
        each.syncDirectory(ROOT);
        for (long value = 1; value <= 5; value++) {
          mapped.buffer().putLong(0, value);
          other.sync();
        }
        states.add("" + content(each.afterPowerCut(random), A).getLong(0));
      }
    }
    assertEquals(Set.of("0", "1", "2", "3", "4", "5"), states);
  }

  @Test
  void namesAreDurableOnlyWithTheirDirectory() throws IOException {
    write(files, A, "a", true);
    assertEquals(Set.of("[]", "[a]"), futures(after -> list(after).toString()));
  }

  @Test
  void unsyncedChangesOfADirectorySurviveInAnyCombination() throws IOException {
    write(files, A, "old", true);
    files.syncDirectory(ROOT);
    files.delete(A);
    write(files, B, "b", true);
    files.link(B, ROOT.resolve("c"));
    Set<String> futures = futures(after -> list(after).toString());
    assertTrue(
        futures.containsAll(
            Set.of("[a]", "[]", "[b]", "[a, b]", "[a, b, c]", "[b, c]", "[a, c]", "[c]")),
        futures::toString);
  }

  @Test
  void aRenameIsAtomic() throws IOException {
    write(files, A, "new", true);
    write(files, B, "old", true);
    files.syncDirectory(ROOT);
    files.rename(A, B);
    assertEquals(
        Set.of("[a, b] old", "[b] new"), futures(after -> list(after) + " " + text(after, B)));
  }

  @Test
  void aRenamedFileThatWasNotSyncedMayBeEmpty() throws IOException {
    write(files, A, "new", false);
    files.rename(A, B);
    files.syncDirectory(ROOT);
    Set<String> futures = futures(after -> text(after, B));
    assertTrue(futures.containsAll(Set.of("", "new")), futures::toString);
  }

  @Test
  void aDirectoryThatWasNotSyncedIntoItsParentIsLostWithAllThatIsInIt() throws IOException {
    Path inner = ROOT.resolve("inner");
    files.createDirectories(inner);
    write(files, inner.resolve("x"), "x", true);
    files.syncDirectory(inner);
    assertEquals(Set.of("false", "true"), futures(after -> "" + after.exists(inner.resolve("x"))));
    files.syncDirectory(ROOT);
    assertEquals(Set.of("true"), futures(after -> "" + after.exists(inner.resolve("x"))));
  }

  @Test
  void hardLinksStayLinkedToOneFile() throws IOException {
    try (MappedFile mapped = files.mapWritable(A, 8)) {
      mapped.sync();
      files.link(A, B);
      files.syncDirectory(ROOT);
      mapped.buffer().putLong(0, 5);
      assertEquals(
          Set.of("true"), futures(after -> "" + content(after, A).equals(content(after, B))));
    }
  }

  @Test
  void thePowerGoesInTheMiddleOfTheChosenOperation() throws IOException {
    write(files, A, "a", true);
    files.syncDirectory(ROOT);
    files.powerCutAt(files.faults().mutations() + 2);
    WritableFile writer = files.create(B);
    PowerCut cut = assertThrows(PowerCut.class, () -> writer.append(bytes("late")));
    assertTrue(cut.getMessage().contains("APPEND /db/b"), cut::getMessage);
    assertTrue(files.isDown());
    assertThrows(PowerCut.class, writer::sync);
    assertThrows(PowerCut.class, () -> files.list(ROOT));
    assertThrows(PowerCut.class, () -> files.exists(ROOT));
    writer.close();
    Set<String> futures = futures(after -> after.exists(B) ? text(after, B) : "absent");
    assertTrue(futures.containsAll(Set.of("absent", "", "late", "la")), futures::toString);
  }

  @Test
  void aSyncThatThePowerInterruptsPromisesNothing() throws IOException {
    files.syncDirectory(ROOT);
    WritableFile writer = files.create(A);
    writer.append(bytes("text"));
    files.syncDirectory(ROOT);
    files.powerCutAt(files.faults().mutations() + 1);
    assertThrows(PowerCut.class, writer::sync);
    Set<String> futures = futures(after -> text(after, A));
    assertTrue(futures.containsAll(Set.of("", "text")), futures::toString);
  }

  @Test
  void storesAfterThePowerCutAreNotSeen() throws IOException {
    MappedFile mapped = files.mapWritable(A, 8);
    mapped.buffer().putLong(0, 1);
    mapped.sync();
    files.syncDirectory(ROOT);
    files.powerCut();
    mapped.buffer().putLong(0, 2);
    assertEquals(Set.of("1"), futures(after -> "" + content(after, A).getLong(0)));
    assertEquals(1, content(files.afterKill(), A).getLong(0));
  }

  @Test
  void aKilledProcessLosesNothingAndReleasesItsLocks() throws Exception {
    WritableFile writer = files.create(A);
    writer.append(bytes("unsynced"));
    MappedFile mapped = files.mapWritable(B, 8);
    mapped.buffer().putLong(0, 42);
    files.lock(ROOT.resolve("LOCK"), "me");
    SimulatedFileSystem after = files.afterKill();
    mapped.buffer().putLong(0, 43);
    assertEquals("unsynced", text(after, A));
    assertEquals(42, content(after, B).getLong(0));
    after.lock(ROOT.resolve("LOCK"), "next").close();
    assertEquals(files.bootId(), after.bootId());
    assertThrows(PowerCut.class, () -> writer.append(bytes("zombie")));
  }

  @Test
  void aPowerCutAfterAKillStillLosesWhatWasNotSynced() throws IOException {
    write(files, A, "unsynced", false);
    SimulatedFileSystem killed = files.afterKill();
    Set<String> futures = new TreeSet<>();
    for (int i = 0; i < FUTURES; i++) {
      SimulatedFileSystem after = killed.afterPowerCut(random);
      futures.add(after.exists(A) ? text(after, A) : "absent");
    }
    assertTrue(futures.containsAll(Set.of("absent", "", "unsynced")), futures::toString);
  }

  @Test
  void aPowerCutIsANewBoot() {
    assertNotEquals(files.bootId(), files.afterPowerCut(random).bootId());
  }

  @Test
  void pagesOfAFailedSyncAreNeverWritten() throws IOException {
    MappedFile mapped = files.mapWritable(A, 3 * 4096);
    mapped.sync();
    files.syncDirectory(ROOT);
    mapped.buffer().putLong(0, 1).putLong(4096, 2);
    files.faults().ioErrorAt(files.faults().operations() + 1);
    assertThrows(IOException.class, mapped::sync);
    assertEquals(1, mapped.buffer().getLong(0));
    mapped.buffer().putLong(4096, 3);
    mapped.sync();
    assertEquals(
        Set.of("0,3"),
        futures(after -> content(after, A).getLong(0) + "," + content(after, A).getLong(4096)));
  }

  @Test
  void aFullDiskTakesWhatFitsAndHasRoomAgainAfterADelete() throws IOException {
    files.capacityBytes(100);
    write(files, A, "x".repeat(60), true);
    try (WritableFile writer = files.create(B)) {
      assertThrows(DiskFullException.class, () -> writer.append(bytes("y".repeat(60))));
      assertEquals(40, writer.sizeBytes());
    }
    assertEquals(0, files.usableBytes(ROOT));
    MappedFile mapped = files.mapReadOnly(A);
    files.delete(A);
    assertEquals(0, files.usableBytes(ROOT));
    mapped.close();
    assertEquals(60, files.usableBytes(ROOT));
    assertThrows(DiskFullException.class, () -> files.mapWritable(A, 61));
    assertFalse(files.exists(A));
    files.mapWritable(A, 60).close();
    assertEquals(100, files.usedBytes());
    assertEquals(100, files.afterKill().usedBytes());
  }

  @Test
  void aFlippedBitIsSeenInFilesAndMappings() throws IOException {
    write(files, A, "aaaa", true);
    files.syncDirectory(ROOT);
    try (MappedFile mapped = files.mapReadOnly(A)) {
      files.flipBit(A, 17);
      assertEquals('c', mapped.buffer().get(2));
    }
    assertEquals("aaca", text(files, A));
    assertEquals(Set.of("aaca"), futures(after -> text(after, A)));
  }

  @Test
  void whatIsNotClosedIsNamed() throws Exception {
    files.assertNoLeaks();
    WritableFile writer = files.create(A);
    AutoCloseable lock = files.lock(ROOT.resolve("LOCK"), "me");
    MappedFile mapped = files.mapWritable(B, 8);
    String message = assertThrows(AssertionError.class, files::assertNoLeaks).getMessage();
    for (String each : List.of("Writer of /db/a", "Lock of /db/LOCK", "Mapping of /db/b")) {
      assertTrue(message.contains(each), message);
    }
    writer.close();
    lock.close();
    mapped.close();
    files.assertNoLeaks();
  }

  @Test
  void locksExcludeUntilTheProcessDies() throws IOException {
    files.lock(ROOT.resolve("LOCK"), "first");
    assertThrows(FileLockedException.class, () -> files.lock(ROOT.resolve("LOCK"), "second"));
  }

  @Test
  void theSameSeedGivesTheSameFuture() throws IOException {
    List<ByteBuffer> futures = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      SimulatedFileSystem each = new SimulatedFileSystem(Seed.random(3));
      each.createDirectories(ROOT);
      each.syncDirectory(Path.of("/"));
      try (MappedFile mapped = each.mapWritable(A, 1 << 16)) {
        mapped.sync();
        each.syncDirectory(ROOT);
        for (int at = 0; at < 1 << 16; at += 8) {
          mapped.buffer().putLong(at, at + 1);
        }
      }
      futures.add(content(each.afterPowerCut(Seed.random(4)), A));
    }
    assertArrayEquals(futures.get(0).array(), futures.get(1).array());
  }

  /** What is found after the power is cut now, many times over. */
  private Set<String> futures(Function<SimulatedFileSystem, String> look) {
    Set<String> futures = new TreeSet<>();
    for (int i = 0; i < FUTURES; i++) {
      futures.add(look.apply(files.afterPowerCut(random)));
    }
    files = reborn(files);
    return futures;
  }

  /** Only its death was simulated: a test may go on with it. */
  private static SimulatedFileSystem reborn(SimulatedFileSystem files) {
    return files.afterKill();
  }

  private static List<String> list(FileSystem files) {
    try {
      return files.list(ROOT);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void write(FileSystem files, Path file, String text, boolean sync)
      throws IOException {
    try (WritableFile writer = files.create(file)) {
      writer.append(bytes(text));
      if (sync) {
        writer.sync();
      }
    }
  }

  private static String text(FileSystem files, Path file) {
    return new String(content(files, file).array(), StandardCharsets.ISO_8859_1);
  }

  private static ByteBuffer content(FileSystem files, Path file) {
    try {
      ByteBuffer into = ByteBuffer.allocate((int) files.sizeBytes(file));
      files.read(file, 0, into);
      return into.flip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
