// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

import dev.varve.ErrorCode;
import dev.varve.core.file.FileSystem;
import dev.varve.core.file.WritableFile;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Reads and writes the manifest and the identity file. */
public final class Manifest {
  private static final String MANIFEST_DAMAGED = "The manifest is damaged.";
  private static final String SALVAGE =
      "Restore a backup, or salvage what the tables and log hold.";

  private Manifest() {}

  /** The state that the manifest in {@code directory} says. */
  public static ManifestState read(FileSystem files, Path directory) throws IOException {
    Path file = directory.resolve(FileNames.MANIFEST);
    ByteBuffer bytes = readWhole(files, file);
    int size = bytes.limit();
    if (size < ManifestFormat.HEADER_BYTES + ManifestFormat.CHECKSUM_BYTES) {
      throw damaged(file, size, "bytesExpected", ManifestFormat.HEADER_BYTES);
    }
    if (bytes.getLong(0) != ManifestFormat.MAGIC) {
      throw damaged(file, 0, "magicFound", Long.toHexString(bytes.getLong(0)));
    }
    int expected = checksum(bytes, size - ManifestFormat.CHECKSUM_BYTES);
    int found = bytes.getInt(size - ManifestFormat.CHECKSUM_BYTES);
    if (expected != found) {
      throw StorageErrors.corrupt(MANIFEST_DAMAGED, file, size - ManifestFormat.CHECKSUM_BYTES)
          .fact("checksumExpected", Integer.toHexString(expected))
          .fact("checksumFound", Integer.toHexString(found))
          .hint(SALVAGE)
          .build();
    }
    checkVersion(bytes.getInt(8), ManifestFormat.VERSION, file);
    if (bytes.getInt(12) != size - ManifestFormat.HEADER_BYTES - ManifestFormat.CHECKSUM_BYTES) {
      throw damaged(file, 12, "bytesSaid", bytes.getInt(12));
    }
    bytes.limit(size - ManifestFormat.CHECKSUM_BYTES).position(ManifestFormat.HEADER_BYTES);
    try {
      return decode(bytes);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw StorageErrors.corrupt(MANIFEST_DAMAGED, file, bytes.position()).cause(e).build();
    }
  }

  /**
   * Replaces the manifest in {@code directory}. The names of the tables in it are made durable before
   * it is; when this returns, the change survives a power cut.
   *
   * @throws UncertainManifestException when it is unknown which of the two a power cut would leave
   */
  public static void write(FileSystem files, Path directory, ManifestState state)
      throws IOException {
    Path temporary = directory.resolve(FileNames.MANIFEST + FileNames.TEMPORARY);
    writeWhole(files, temporary, encode(state));
    files.syncDirectory(directory);
    files.rename(temporary, directory.resolve(FileNames.MANIFEST));
    try {
      files.syncDirectory(directory);
    } catch (IOException e) {
      throw new UncertainManifestException(e);
    }
  }

  /** The id in the identity file. */
  public static UUID readIdentity(FileSystem files, Path directory) throws IOException {
    Path file = directory.resolve(FileNames.IDENTITY);
    ByteBuffer bytes = readWhole(files, file);
    if (bytes.limit() < IdentityFormat.BYTES || bytes.getLong(0) != IdentityFormat.MAGIC) {
      throw ErrorCode.NOT_A_DATABASE
          .error("The identity file does not say that this directory is a Varve database.")
          .fact("file", file)
          .build();
    }
    int end = IdentityFormat.BYTES - ManifestFormat.CHECKSUM_BYTES;
    if (checksum(bytes, end) != bytes.getInt(end)) {
      throw StorageErrors.corrupt("The identity file is damaged.", file, 0).hint(SALVAGE).build();
    }
    checkVersion(bytes.getInt(8), IdentityFormat.VERSION, file);
    return new UUID(bytes.getLong(12), bytes.getLong(20));
  }

  /** Writes the identity file, durable on return. */
  public static void writeIdentity(FileSystem files, Path directory, UUID id) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(IdentityFormat.BYTES);
    bytes.putLong(IdentityFormat.MAGIC).putInt(IdentityFormat.VERSION);
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    bytes.putInt(checksum(bytes, bytes.position())).flip();
    Path temporary = directory.resolve(FileNames.IDENTITY + FileNames.TEMPORARY);
    writeWhole(files, temporary, bytes);
    files.rename(temporary, directory.resolve(FileNames.IDENTITY));
    files.syncDirectory(directory);
  }

  private static void writeWhole(FileSystem files, Path file, ByteBuffer bytes) throws IOException {
    try (WritableFile out = files.create(file)) {
      out.append(bytes);
      out.sync();
    }
  }

  /**
   * Reads a file that may be replaced at any time, in one call: its size and its bytes must be of the
   * same file.
   */
  private static ByteBuffer readWhole(FileSystem files, Path file) throws IOException {
    while (true) {
      long size = files.sizeBytes(file);
      if (size > Integer.MAX_VALUE - 64) {
        throw damaged(file, 0, "fileBytes", size);
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size + 1);
      files.read(file, 0, bytes);
      if (bytes.hasRemaining()) {
        return bytes.flip();
      }
    }
  }

  private static ByteBuffer encode(ManifestState state) {
    long size = ManifestFormat.HEADER_BYTES + ManifestFormat.FIXED_BYTES;
    for (ManifestState.PlacedMeta each : state.files()) {
      size += ManifestFormat.FILE_BYTES + each.meta().smallest().length;
      size += each.meta().largest().length;
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size + ManifestFormat.CHECKSUM_BYTES));
    bytes.putLong(ManifestFormat.MAGIC).putInt(ManifestFormat.VERSION);
    bytes.putInt((int) size - ManifestFormat.HEADER_BYTES);
    bytes.putLong(state.databaseId().getMostSignificantBits());
    bytes.putLong(state.databaseId().getLeastSignificantBits());
    bytes.putLong(state.edits()).putLong(state.nextFile()).putLong(state.nextRun());
    bytes.putLong(state.lastTimestamp()).putLong(state.flushedThrough());
    bytes.putLong(state.collapsedBefore()).putLong(state.logStart());
    bytes.putInt(state.files().size());
    for (ManifestState.PlacedMeta each : state.files()) {
      encode(bytes, each);
    }
    assert bytes.position() == size;
    bytes.putInt(checksum(bytes, bytes.position()));
    return bytes.flip();
  }

  private static void encode(ByteBuffer bytes, ManifestState.PlacedMeta placed) {
    FileMeta meta = placed.meta();
    bytes.put((byte) placed.level());
    bytes.put((byte) (meta.largestExclusive() ? ManifestFormat.FLAG_LARGEST_EXCLUSIVE : 0));
    bytes.putLong(placed.run());
    bytes.putLong(meta.number()).putLong(meta.fileBytes()).putLong(meta.rawBytes());
    bytes.putLong(meta.entries()).putLong(meta.deletes()).putLong(meta.rangeDeletes());
    bytes.putLong(meta.garbage()).putLong(meta.garbageUntil());
    bytes.putLong(meta.minTimestamp()).putLong(meta.maxTimestamp());
    bytes.putLong(meta.timestampBase()).putLong(meta.createdMillis());
    bytes.putInt(meta.smallest().length).put(meta.smallest());
    bytes.putInt(meta.largest().length).put(meta.largest());
  }

  private static ManifestState decode(ByteBuffer bytes) {
    UUID id = new UUID(bytes.getLong(), bytes.getLong());
    long edits = bytes.getLong();
    long nextFile = bytes.getLong();
    long nextRun = bytes.getLong();
    long lastTimestamp = bytes.getLong();
    long flushedThrough = bytes.getLong();
    long collapsedBefore = bytes.getLong();
    long logStart = bytes.getLong();
    int count = bytes.getInt();
    if (count < 0 || count > bytes.remaining() / ManifestFormat.FILE_BYTES) {
      throw new IllegalArgumentException("tables=" + count);
    }
    List<ManifestState.PlacedMeta> files = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      files.add(decodeFile(bytes));
    }
    if (bytes.hasRemaining()) {
      throw new IllegalArgumentException("bytesLeft=" + bytes.remaining());
    }
    return new ManifestState(
        id,
        edits,
        nextFile,
        nextRun,
        lastTimestamp,
        flushedThrough,
        collapsedBefore,
        logStart,
        files);
  }

  private static ManifestState.PlacedMeta decodeFile(ByteBuffer bytes) {
    int level = bytes.get();
    int flags = bytes.get();
    if (level < 0 || level >= Version.LEVELS) {
      throw new IllegalArgumentException("level=" + level);
    }
    long run = bytes.getLong();
    long number = bytes.getLong();
    long fileBytes = bytes.getLong();
    long rawBytes = bytes.getLong();
    long entries = bytes.getLong();
    long deletes = bytes.getLong();
    long rangeDeletes = bytes.getLong();
    long garbage = bytes.getLong();
    long garbageUntil = bytes.getLong();
    long minTimestamp = bytes.getLong();
    long maxTimestamp = bytes.getLong();
    long timestampBase = bytes.getLong();
    long createdMillis = bytes.getLong();
    FileMeta meta =
        new FileMeta(
            number,
            fileBytes,
            rawBytes,
            entries,
            deletes,
            rangeDeletes,
            garbage,
            garbageUntil,
            decodeKey(bytes),
            decodeKey(bytes),
            (flags & ManifestFormat.FLAG_LARGEST_EXCLUSIVE) != 0,
            minTimestamp,
            maxTimestamp,
            timestampBase,
            createdMillis);
    return new ManifestState.PlacedMeta(level, run, meta);
  }

  private static byte[] decodeKey(ByteBuffer bytes) {
    int length = bytes.getInt();
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalArgumentException("keyBytes=" + length);
    }
    byte[] key = new byte[length];
    bytes.get(key);
    return key;
  }

  private static void checkVersion(int found, int known, Path file) {
    if (found > known) {
      throw ErrorCode.NEWER_FORMAT
          .error("The database was written by a newer Varve.")
          .fact("file", file)
          .fact("formatVersion", found)
          .fact("newestKnown", known)
          .build();
    }
    if (found < 1) {
      throw StorageErrors.corrupt("The format version is not one that ever was.", file, 8)
          .fact("formatVersion", found)
          .build();
    }
  }

  private static dev.varve.VarveException damaged(
      Path file, long offset, String fact, Object value) {
    return StorageErrors.corrupt(MANIFEST_DAMAGED, file, offset)
        .fact(fact, value)
        .hint(SALVAGE)
        .build();
  }

  private static int checksum(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, length);
    return (int) crc.getValue();
  }
}
