// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

import dev.varve.core.file.FileSystem;
import dev.varve.core.file.MappedFile;
import dev.varve.core.file.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Another file system whose operations fail on demand; {@link Faults} says which. */
@SuppressWarnings("exports") // Only Varve's own modules see the file systems.
public final class FaultyFileSystem implements FileSystem {
  private final FileSystem files;
  private final Faults faults = new Faults();

  /** Failing operations never reach {@code files}, but for the first half of a short write. */
  public FaultyFileSystem(FileSystem files) {
    this.files = files;
  }

  /** Which operations fail, and what was done so far. */
  public Faults faults() {
    return faults;
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    faults.admit(Operation.CREATE_DIRECTORIES, directory, 0);
    files.createDirectories(directory);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    faults.admit(Operation.LIST, directory, 0);
    return files.list(directory);
  }

  @Override
  public boolean exists(Path path) {
    return files.exists(path);
  }

  @Override
  public long sizeBytes(Path file) throws IOException {
    faults.admit(Operation.SIZE, file, 0);
    return files.sizeBytes(file);
  }

  @Override
  public void delete(Path path) throws IOException {
    faults.admit(Operation.DELETE, path, 0);
    files.delete(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    faults.admit(Operation.RENAME, from, 0);
    files.rename(from, to);
  }

  @Override
  public void link(Path existing, Path target) throws IOException {
    faults.admit(Operation.LINK, target, 0);
    files.link(existing, target);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    faults.admit(Operation.SYNC_DIRECTORY, directory, 0);
    files.syncDirectory(directory);
  }

  @Override
  public WritableFile create(Path file) throws IOException {
    faults.admit(Operation.CREATE, file, 0);
    return new Writer(file, files.create(file));
  }

  @Override
  public int read(Path file, long offset, ByteBuffer into) throws IOException {
    faults.admit(Operation.READ, file, into.remaining());
    return files.read(file, offset, into);
  }

  @Override
  public MappedFile mapReadOnly(Path file) throws IOException {
    faults.admit(Operation.MAP_READ_ONLY, file, 0);
    return files.mapReadOnly(file);
  }

  @Override
  public MappedFile mapWritable(Path file, int sizeBytes) throws IOException {
    boolean isThere = files.exists(file) && files.sizeBytes(file) == sizeBytes;
    faults.admit(Operation.MAP_WRITABLE, file, isThere ? 0 : sizeBytes);
    return new Mapping(file, files.mapWritable(file, sizeBytes));
  }

  @Override
  public AutoCloseable lock(Path file, String owner) throws IOException {
    faults.admit(Operation.LOCK, file, 0);
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

  private final class Writer implements WritableFile {
    private final Path path;
    private final WritableFile file;

    Writer(Path path, WritableFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      if (!faults.admit(Operation.APPEND, path, count)) {
        file.append(bytes);
        return;
      }
      file.append(bytes.slice(bytes.position(), count / 2));
      throw new IOException("simulated: short write file=" + path);
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public void sync() throws IOException {
      faults.admit(Operation.SYNC_FILE, path, 0);
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private final class Mapping implements MappedFile {
    private final Path path;
    private final MappedFile file;

    Mapping(Path path, MappedFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public ByteBuffer buffer() {
      return file.buffer();
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public void sync() throws IOException {
      faults.admit(Operation.SYNC_MAPPING, path, 0);
      file.sync();
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
