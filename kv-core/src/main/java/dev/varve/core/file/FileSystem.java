// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Directories, files, mappings, locks and syncs. Thread-safe.
 *
 * <p>What survives a power cut: a file's bytes after {@link WritableFile#sync} or {@link
 * MappedFile#sync}; a file's name, and its absence, after {@link #syncDirectory} of its directory.
 * Anything else may be there, be missing, or be there in part.
 *
 * <p>An {@link IOException} whose cause is a full disk is a {@link DiskFullException}.
 *
 * <p>Methods that use a channel must be called on threads the engine owns, for an interrupt closes
 * the channel.
 */
public interface FileSystem {
  /** The directory and its parents, created if absent. */
  void createDirectories(Path directory) throws IOException;

  /** The names in {@code directory}, ascending. */
  List<String> list(Path directory) throws IOException;

  /** Whether a file or directory is there. */
  boolean exists(Path path);

  /** The size of a file in bytes. */
  long sizeBytes(Path file) throws IOException;

  /** Removes a file or an empty directory; nothing happens if it is absent. */
  void delete(Path path) throws IOException;

  /** Gives {@code from} the name {@code to}, replacing what is there, atomically. */
  void rename(Path from, Path to) throws IOException;

  /** Gives {@code existing} a second name, or copies it where the file system has no hard links. */
  void link(Path existing, Path target) throws IOException;

  /** Makes the names in {@code directory} durable. */
  void syncDirectory(Path directory) throws IOException;

  /** A new, empty file to append to; one that is there is replaced. */
  WritableFile create(Path file) throws IOException;

  /** Reads up to {@code into.remaining()} bytes at {@code offset}; returns how many, -1 at the end. */
  int read(Path file, long offset, ByteBuffer into) throws IOException;

  /** Maps a whole, finished file for reading; at most 2 GiB - 1. */
  MappedFile mapReadOnly(Path file) throws IOException;

  /**
   * Creates {@code file} with {@code sizeBytes} zero bytes that are really allocated, or takes the
   * one that is there if it has that size, and maps it for reading and writing. A full disk shows
   * here as {@link DiskFullException}, never later at a store into the mapping.
   *
   * @param sizeBytes at most 2 GiB - 1
   */
  MappedFile mapWritable(Path file, int sizeBytes) throws IOException;

  /**
   * Locks {@code file} for this process, writing {@code owner} into it; released by closing, and by
   * the death of the process.
   *
   * @throws FileLockedException when another holder has it, with what the holder wrote
   */
  AutoCloseable lock(Path file, String owner) throws IOException;

  /** Bytes that can still be written where {@code path} is. */
  long usableBytes(Path path) throws IOException;

  /**
   * Names the current boot of the machine: a mapping's bytes written earlier in the same boot are
   * still in the page cache. Empty when unknown.
   */
  String bootId();
}
