// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.wal;

import dev.varve.core.file.FileSystem;
import dev.varve.core.file.MappedFile;
import dev.varve.core.file.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A file system whose mappings refuse to be forced when told so. */
public final class FailingFileSystem implements FileSystem {
  private final FileSystem files;

  /** Whether forcing a mapping fails from now on. */
  public volatile boolean failSync;

  /** In front of {@code files}. */
  public FailingFileSystem(FileSystem files) {
    this.files = files;
  }

  @Override
  public MappedFile mapWritable(Path file, int sizeBytes) throws IOException {
    MappedFile mapped = files.mapWritable(file, sizeBytes);
    return new MappedFile() {
      @Override
      public void sync() throws IOException {
        if (failSync) {
          throw new IOException("Input/output error");
        }
        mapped.sync();
      }

      @Override
      public ByteBuffer buffer() {
        return mapped.buffer();
      }

      @Override
      public long sizeBytes() {
        return mapped.sizeBytes();
      }

      @Override
      public void close() {
        mapped.close();
      }
    };
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    files.createDirectories(directory);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return files.list(directory);
  }

  @Override
  public boolean exists(Path path) {
    return files.exists(path);
  }

  @Override
  public long sizeBytes(Path file) throws IOException {
    return files.sizeBytes(file);
  }

  @Override
  public void delete(Path path) throws IOException {
    files.delete(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    files.rename(from, to);
  }

  @Override
  public void link(Path existing, Path target) throws IOException {
    files.link(existing, target);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    files.syncDirectory(directory);
  }

  @Override
  public WritableFile create(Path file) throws IOException {
    return files.create(file);
  }

  @Override
  public int read(Path file, long offset, ByteBuffer into) throws IOException {
    return files.read(file, offset, into);
  }

  @Override
  public MappedFile mapReadOnly(Path file) throws IOException {
    return files.mapReadOnly(file);
  }

  @Override
  public AutoCloseable lock(Path file, String owner) throws IOException {
    return files.lock(file, owner);
  }

  @Override
  public long usableBytes(Path path) throws IOException {
    return files.usableBytes(path);
  }

  @Override
  public String bootId() {
    return files.bootId();
  }
}
