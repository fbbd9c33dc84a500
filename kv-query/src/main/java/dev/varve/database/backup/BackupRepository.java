// SPDX-License-Identifier: Apache-2.0
package dev.varve.database.backup;

import dev.varve.BackupInfo;
import dev.varve.ErrorCode;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.file.DiskFullException;
import dev.varve.core.file.FileLockedException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A directory of backups:
 *
 * <pre>
 * backup-0000000001.manifest   one for each backup, see {@link BackupManifest}
 * files/                       the pool: what backups consist of, shared between them
 * lock                         held while a backup is made
 * </pre>
 *
 * A pool file's name holds the file's size and a fingerprint of its ends (of all of it, if it is
 * small), so that a table that is in the pool already is recognised without being read. Whatever has
 * the suffix {@code .part} is unfinished and removed by the next backup.
 */
public final class BackupRepository {
  private static final String POOL = "files";
  private static final String PREFIX = "backup-";
  private static final String SUFFIX = ".manifest";
  private static final String PART = ".part";
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int FINGERPRINT_BYTES = 64 << 10;

  private final FileSystem fileSystem;
  private final Path directory;

  /** The backups in {@code directory}, which need not exist yet. */
  public BackupRepository(FileSystem fileSystem, Path directory) {
    this.fileSystem = fileSystem;
    this.directory = directory;
  }

  /** The complete backups, oldest first. */
  public List<BackupInfo> list() {
    try {
      return manifests().stream().map(BackupManifest::info).toList();
    } catch (IOException failure) {
      throw failed("The backups cannot be listed.", failure);
    }
  }

  /**
   * Adds a backup of the closed database in {@code checkpoint}, copying only what is not there.
   *
   * @param timestamp the newest commit in the checkpoint
   * @param bytesPerSecond how fast to copy; 0 for no limit
   */
  public BackupInfo create(
      Path checkpoint, long timestamp, long createdMillis, long bytesPerSecond, Progress progress) {
    try {
      fileSystem.createDirectories(directory.resolve(POOL));
      AutoCloseable lock = lock();
      try {
        removeUnfinished();
        return copyAll(checkpoint, timestamp, createdMillis, bytesPerSecond, progress);
      } finally {
        lock.close();
      }
    } catch (VarveException failure) {
      throw failure;
    } catch (Exception failure) {
      throw failed("The backup could not be made; earlier ones are not affected.", failure);
    }
  }

  /** Reads every byte of every backup; throws at the first file that is not what was backed up. */
  public void verify(Progress progress) {
    try {
      Map<String, BackupManifest.Entry> files = new HashMap<>();
      for (BackupManifest manifest : manifests()) {
        manifest.files().forEach(entry -> files.put(entry.poolName(), entry));
      }
      long total = files.values().stream().mapToLong(BackupManifest.Entry::sizeBytes).sum();
      long done = 0;
      for (BackupManifest.Entry entry : files.values()) {
        Copy copy = new Copy(pooled(entry.poolName()), null, 0, done, total, progress);
        copy.run();
        check(entry, copy);
        done += entry.sizeBytes();
      }
      progress.at(total, total);
    } catch (IOException failure) {
      throw failed("The backups could not be read.", failure);
    }
  }

  /**
   * Makes the database of a backup at {@code target}, which must not exist or be empty. It appears
   * there whole or not at all.
   *
   * @param id the backup's number; 0 for the newest
   */
  public BackupInfo restore(long id, Path target, Progress progress) {
    try {
      BackupManifest manifest = find(id);
      if (fileSystem.exists(target)) {
        throw ErrorCode.ALREADY_EXISTS
            .error("There is something already where the backup was to be restored.")
            .fact("path", target)
            .hint("Name a path that does not exist.")
            .build();
      }
      Path parent = target.toAbsolutePath().getParent();
      Path part = parent.resolve(target.getFileName() + PART);
      removeTree(part);
      fileSystem.createDirectories(part);
      long done = 0;
      for (BackupManifest.Entry entry : manifest.files()) {
        Path to = part.resolve(entry.name());
        fileSystem.createDirectories(to.getParent());
        Copy copy =
            new Copy(pooled(entry.poolName()), to, 0, done, manifest.totalBytes(), progress);
        copy.run();
        check(entry, copy);
        done += entry.sizeBytes();
      }
      fileSystem.syncDirectory(part);
      fileSystem.rename(part, target);
      fileSystem.syncDirectory(parent);
      return manifest.info();
    } catch (IOException failure) {
      throw failed("The backup could not be restored.", failure);
    }
  }

  private BackupInfo copyAll(
      Path checkpoint, long timestamp, long createdMillis, long bytesPerSecond, Progress progress)
      throws IOException {
    List<BackupManifest> earlier = manifests();
    Map<String, BackupManifest.Entry> pool = new HashMap<>();
    for (BackupManifest manifest : earlier) {
      manifest.files().forEach(entry -> pool.put(entry.poolName(), entry));
    }
    List<Path> sources = tree(checkpoint);
    long total = 0;
    for (Path source : sources) {
      total += fileSystem.sizeBytes(source);
    }
    List<BackupManifest.Entry> entries = new ArrayList<>();
    long copied = 0;
    long done = 0;
    for (Path source : sources) {
      long size = fileSystem.sizeBytes(source);
      String name = checkpoint.relativize(source).toString();
      String poolName = poolName(source, size);
      BackupManifest.Entry known = pool.get(poolName);
      if (known == null || !isPooled(known)) {
        Path part = pooled(poolName + PART);
        Copy copy = new Copy(source, part, bytesPerSecond, done, total, progress);
        copy.run();
        fileSystem.rename(part, pooled(poolName));
        known = new BackupManifest.Entry(copy.crc32c(), size, poolName, name);
        copied += size;
      }
      entries.add(new BackupManifest.Entry(known.crc32c(), size, poolName, name));
      done += size;
      progress.at(done, total);
    }
    fileSystem.syncDirectory(directory.resolve(POOL));
    long id = earlier.isEmpty() ? 1 : earlier.get(earlier.size() - 1).id() + 1;
    BackupManifest manifest =
        new BackupManifest(id, createdMillis, timestamp, copied, List.copyOf(entries));
    write(manifest);
    return manifest.info();
  }

  private void write(BackupManifest manifest) throws IOException {
    String name = PREFIX + String.format("%010d", manifest.id()) + SUFFIX;
    Path part = directory.resolve(name + PART);
    try (WritableFile file = fileSystem.create(part)) {
      file.append(ByteBuffer.wrap(manifest.encode()));
      file.sync();
    }
    fileSystem.rename(part, directory.resolve(name));
    fileSystem.syncDirectory(directory);
  }

  private List<BackupManifest> manifests() throws IOException {
    List<BackupManifest> found = new ArrayList<>();
    if (!fileSystem.exists(directory)) {
      throw ErrorCode.NOT_FOUND
          .error("There is no directory of backups.")
          .fact("path", directory)
          .build();
    }
    for (String name : fileSystem.list(directory)) {
      if (name.startsWith(PREFIX) && name.endsWith(SUFFIX)) {
        Path file = directory.resolve(name);
        found.add(BackupManifest.decode(readAll(file), file.toString()));
      }
    }
    found.sort(Comparator.comparingLong(BackupManifest::id));
    return found;
  }

  private BackupManifest find(long id) throws IOException {
    List<BackupManifest> all = manifests();
    if (!all.isEmpty() && id == 0) {
      return all.get(all.size() - 1);
    }
    return all.stream()
        .filter(manifest -> manifest.id() == id)
        .findFirst()
        .orElseThrow(
            () ->
                ErrorCode.NOT_FOUND
                    .error("There is no such backup.")
                    .fact("id", id)
                    .fact("path", directory)
                    .fact("ids", all.stream().map(BackupManifest::id).toList())
                    .build());
  }

  private byte[] readAll(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(fileSystem.sizeBytes(file)));
    while (bytes.hasRemaining() && fileSystem.read(file, bytes.position(), bytes) > 0) {
      // reads on until the file or the buffer ends
    }
    return bytes.array();
  }

  /** Size, and a checksum of the first and last bytes: tables carry their checksums at their end. */
  private String poolName(Path source, long size) throws IOException {
    CRC32C crc = new CRC32C();
    fingerprint(source, 0, size, crc);
    if (size > FINGERPRINT_BYTES) {
      fingerprint(source, Math.max(FINGERPRINT_BYTES, size - FINGERPRINT_BYTES), size, crc);
    }
    return source.getFileName() + "-" + size + "-" + String.format("%08x", (int) crc.getValue());
  }

  private void fingerprint(Path source, long from, long size, CRC32C crc) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(FINGERPRINT_BYTES, size - from));
    while (bytes.hasRemaining() && fileSystem.read(source, from + bytes.position(), bytes) > 0) {
      // reads on until the file or the buffer ends
    }
    crc.update(bytes.array(), 0, bytes.position());
  }

  private boolean isPooled(BackupManifest.Entry entry) throws IOException {
    Path file = pooled(entry.poolName());
    return fileSystem.exists(file) && fileSystem.sizeBytes(file) == entry.sizeBytes();
  }

  private Path pooled(String name) {
    return directory.resolve(POOL).resolve(name);
  }

  private List<Path> tree(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : fileSystem.list(root)) {
      files.add(root.resolve(name));
    }
    return files;
  }

  private void removeUnfinished() throws IOException {
    Set<Path> directories = new HashSet<>(List.of(directory, directory.resolve(POOL)));
    for (Path each : directories) {
      for (String name : fileSystem.list(each)) {
        if (name.endsWith(PART)) {
          fileSystem.delete(each.resolve(name));
        }
      }
    }
  }

  private void removeTree(Path root) throws IOException {
    if (fileSystem.exists(root)) {
      for (Path file : tree(root)) {
        fileSystem.delete(file);
      }
      fileSystem.delete(root);
    }
  }

  private AutoCloseable lock() throws IOException {
    Path file = directory.resolve("lock");
    try {
      return fileSystem.lock(file, "pid=" + ProcessHandle.current().pid());
    } catch (FileLockedException held) {
      throw ErrorCode.DATABASE_LOCKED
          .error("Another backup into this directory is under way.")
          .fact("path", directory)
          .fact("holder", held.owner())
          .build();
    }
  }

  private static void check(BackupManifest.Entry entry, Copy copy) {
    if (copy.crc32c() != entry.crc32c() || copy.sizeBytes() != entry.sizeBytes()) {
      throw ErrorCode.CORRUPTION
          .error("A file of a backup is not what was backed up.")
          .fact("file", entry.poolName())
          .fact("expectedCrc32c", String.format("%08x", entry.crc32c()))
          .fact("foundCrc32c", String.format("%08x", copy.crc32c()))
          .fact("expectedBytes", entry.sizeBytes())
          .fact("foundBytes", copy.sizeBytes())
          .hint("Backups that do not use this file can still be restored.")
          .build();
    }
  }

  private VarveException failed(String sentence, Exception failure) {
    ErrorCode code = failure instanceof DiskFullException ? ErrorCode.DISK_FULL : ErrorCode.IO;
    return code.error(sentence)
        .fact("path", directory)
        .fact("reason", failure.getMessage())
        .cause(failure)
        .build();
  }

  /** Reads a file through, computing its checksum, and copies it if there is somewhere to. */
  private final class Copy {
    private final Path from;
    private final @Nullable Path to;
    private final long bytesPerSecond;
    private final long doneBefore;
    private final long total;
    private final Progress progress;
    private final CRC32C crc = new CRC32C();
    private long sizeBytes;

    Copy(
        Path from,
        @Nullable Path to,
        long bytesPerSecond,
        long doneBefore,
        long total,
        Progress progress) {
      this.from = from;
      this.to = to;
      this.bytesPerSecond = bytesPerSecond;
      this.doneBefore = doneBefore;
      this.total = total;
      this.progress = progress;
    }

    void run() throws IOException {
      if (to == null) {
        transfer(null);
        return;
      }
      try (WritableFile target = fileSystem.create(to)) {
        transfer(target);
        target.sync();
      }
    }

    private void transfer(@Nullable WritableFile target) throws IOException {
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
      long start = System.nanoTime();
      while (fileSystem.read(from, sizeBytes, chunk.clear()) > 0) {
        chunk.flip();
        sizeBytes += chunk.remaining();
        crc.update(chunk.duplicate());
        if (target != null) {
          target.append(chunk);
        }
        progress.at(Math.min(total, doneBefore + sizeBytes), total);
        throttle(start);
      }
    }

    private void throttle(long start) {
      if (bytesPerSecond > 0) {
        long due = start + (long) (sizeBytes * 1e9 / bytesPerSecond);
        for (long left; (left = due - System.nanoTime()) > 0; ) {
          java.util.concurrent.locks.LockSupport.parkNanos(left);
          if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            return;
          }
        }
      }
    }

    int crc32c() {
      return (int) crc.getValue();
    }

    long sizeBytes() {
      return sizeBytes;
    }
  }
}
