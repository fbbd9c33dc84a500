// SPDX-License-Identifier: Apache-2.0
package dev.varve.database.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupInfo;
import dev.varve.ErrorCode;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.file.LocalFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupRepositoryTest {
  @TempDir Path scratch;
  private Path source;
  private Path backups;
  private BackupRepository repository;

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectory(scratch.resolve("source"));
    backups = scratch.resolve("backups");
    repository = new BackupRepository(new LocalFileSystem(), backups);
    write("000001.sst", 3_000_000, 1);
    write("000002.sst", 10, 2);
    write("MANIFEST", 0, 3);
  }

  @Test
  void restoresWhatWasBackedUp() throws IOException {
    BackupInfo made = repository.create(source, 77, 1_000, 0, Progress.NONE);
    assertEquals(List.of(made), repository.list());
    assertEquals(3, made.files());
    assertEquals(77, made.timestamp());
    assertEquals(3_000_010, made.totalBytes());
    Path target = scratch.resolve("target");
    repository.restore(0, target, Progress.NONE);
    for (String name : List.of("000001.sst", "000002.sst", "MANIFEST")) {
      assertArrayEquals(
          Files.readAllBytes(source.resolve(name)), Files.readAllBytes(target.resolve(name)));
    }
  }

  @Test
  void copiesOnlyWhatIsNew() throws IOException {
    assertEquals(3_000_010, repository.create(source, 1, 1, 0, Progress.NONE).copiedBytes());
    assertEquals(0, repository.create(source, 1, 2, 0, Progress.NONE).copiedBytes());
    write("000003.sst", 500_000, 4);
    Files.delete(source.resolve("000001.sst"));
    BackupInfo third = repository.create(source, 2, 3, 0, Progress.NONE);
    assertEquals(500_000, third.copiedBytes());
    assertEquals(3, third.id());
    repository.restore(1, scratch.resolve("first"), Progress.NONE);
    assertTrue(Files.exists(scratch.resolve("first").resolve("000001.sst")));
    repository.restore(3, scratch.resolve("third"), Progress.NONE);
    assertFalse(Files.exists(scratch.resolve("third").resolve("000001.sst")));
  }

  @Test
  void findsEveryDamagedFile() throws IOException {
    repository.create(source, 1, 1, 0, Progress.NONE);
    repository.verify(Progress.NONE);
    Path pooled =
        Files.list(backups.resolve("files"))
            .filter(path -> path.getFileName().toString().startsWith("000001.sst"))
            .findFirst()
            .orElseThrow();
    byte[] bytes = Files.readAllBytes(pooled);
    bytes[1_500_000] ^= 1;
    Files.write(pooled, bytes);
    VarveException found =
        assertThrows(VarveException.class, () -> repository.verify(Progress.NONE));
    assertEquals(ErrorCode.CORRUPTION, found.code());
    Path target = scratch.resolve("target");
    assertThrows(VarveException.class, () -> repository.restore(0, target, Progress.NONE));
    assertFalse(Files.exists(target), "a failed restore must not look complete");
  }

  @Test
  void findsADamagedManifest() throws IOException {
    repository.create(source, 1, 1, 0, Progress.NONE);
    Path manifest = backups.resolve("backup-0000000001.manifest");
    byte[] bytes = Files.readAllBytes(manifest);
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 1;
      Files.write(manifest, damaged);
      VarveException found = assertThrows(VarveException.class, repository::list, "byte " + i);
      assertEquals(ErrorCode.CORRUPTION, found.code());
    }
  }

  @Test
  void anInterruptedBackupLeavesNothingThatLooksComplete() {
    Progress failing =
        (done, total) -> {
          if (done > 1_000_000) {
            throw new IllegalStateException("stop");
          }
        };
    assertThrows(VarveException.class, () -> repository.create(source, 1, 1, 0, failing));
    assertEquals(List.of(), repository.list());
    repository.create(source, 1, 1, 0, Progress.NONE);
    assertFalse(new LocalFileSystem().exists(backups.resolve("files").resolve("000001.sst.part")));
    repository.verify(Progress.NONE);
  }

  @Test
  void neverRestoresOverWhatIsThere() throws IOException {
    repository.create(source, 1, 1, 0, Progress.NONE);
    VarveException refused =
        assertThrows(VarveException.class, () -> repository.restore(0, source, Progress.NONE));
    assertEquals(ErrorCode.ALREADY_EXISTS, refused.code());
  }

  @Test
  void saysWhichBackupsThereAre() {
    repository.create(source, 1, 1, 0, Progress.NONE);
    VarveException missing =
        assertThrows(
            VarveException.class,
            () -> repository.restore(9, scratch.resolve("target"), Progress.NONE));
    assertEquals(ErrorCode.NOT_FOUND, missing.code());
    assertTrue(missing.getMessage().contains("ids=[1]"), missing.getMessage());
  }

  @Test
  void keepsToTheBandwidth() {
    long start = System.nanoTime();
    repository.create(source, 1, 1, 6_000_000, Progress.NONE);
    double seconds = (System.nanoTime() - start) / 1e9;
    assertTrue(seconds >= 0.45, "3 MB at 6 MB/s took " + seconds + " s");
  }

  private void write(String name, int size, long seed) throws IOException {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    Files.write(source.resolve(name), bytes);
  }
}
