// SPDX-License-Identifier: Apache-2.0
package dev.varve.database;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Backup;
import dev.varve.BackupInfo;
import dev.varve.Database;
import dev.varve.Progress;
import dev.varve.testkit.ChildJvm;
import dev.varve.testkit.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process is killed in the middle of backups and restores. */
final class BackupKillTest {
  private static final int VALUE_BYTES = 600_000;
  private static final int VALUES = 8;
  private static final byte[] MARKER = "marker".getBytes(StandardCharsets.UTF_8);

  @TempDir Path scratch;

  @Test
  void nothingLooksCompleteThatIsNot() {
    run(3);
  }

  @Test
  @Tag("slow")
  void nothingLooksCompleteThatIsNotAfterManyKills() {
    run(20);
  }

  private void run(int kills) {
    Seed.run(
        (seed, random) -> {
          Path backups = Files.createDirectory(scratch.resolve("backups"));
          long checked = 0;
          for (int i = 0; i < kills; i++) {
            killAfter(random.nextInt(1, 60), "backup", i);
            for (BackupInfo each : Backup.list(backups)) {
              if (each.id() > checked) {
                Path target = scratch.resolve("whole-" + each.id());
                Backup.restore(backups, each.id(), target, Progress.NONE);
                check(target, each.id());
                checked = each.id();
              }
            }
          }
          try (Database db = Database.open(scratch.resolve("db.varve"))) {
            db.put(MARKER, marker(Backup.list(backups).size() + 1L));
            db.backup(backups);
          }
          Backup.verify(backups);
          long newest = Backup.list(backups).get(Backup.list(backups).size() - 1).id();
          for (int i = 0; i < kills; i++) {
            killAfter(random.nextInt(1, 60), "restore", i);
            for (int n = 0; Files.exists(scratch.resolve("restored-" + i + "-" + n)); n++) {
              check(scratch.resolve("restored-" + i + "-" + n), newest);
            }
          }
        });
  }

  /** Kills the child after so many steps of progress. */
  private void killAfter(int steps, String what, int round) throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            BackupKillTest.class,
            List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
            what,
            scratch.toString(),
            String.valueOf(round))) {
      for (int i = 0; i < steps; i++) {
        assertTrue(child.readLine() != null, child::errors);
      }
      child.kill();
    }
  }

  private static void check(Path database, long id) throws IOException {
    try (Database db = Database.open(database)) {
      assertEquals(List.of(), db.verify(Progress.NONE));
      assertArrayEquals(marker(id), db.get(MARKER));
    }
    try (Stream<Path> paths = Files.walk(database)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static byte[] marker(long id) {
    return String.valueOf(id).getBytes(StandardCharsets.UTF_8);
  }

  /** The child: {@code backup|restore DIRECTORY ROUND}, for ever. */
  public static void main(String[] args) {
    Path scratch = Path.of(args[1]);
    Path backups = scratch.resolve("backups");
    Progress steps =
        (done, total) -> {
          System.out.println(done);
          System.out.flush();
        };
    if (args[0].equals("restore")) {
      for (int n = 0; ; n++) {
        Backup.restore(backups, 0, scratch.resolve("restored-" + args[2] + "-" + n), steps);
      }
    }
    Random random = new Random();
    byte[] value = new byte[VALUE_BYTES];
    try (Database db = Database.open(scratch.resolve("db.varve"))) {
      while (true) {
        for (int i = 0; i < VALUES; i++) {
          random.nextBytes(value);
          db.put(("key-" + i).getBytes(StandardCharsets.UTF_8), value);
        }
        List<BackupInfo> made = Backup.list(backups);
        db.put(MARKER, marker(made.isEmpty() ? 1 : made.get(made.size() - 1).id() + 1));
        db.backup(backups, steps);
      }
    }
  }
}
