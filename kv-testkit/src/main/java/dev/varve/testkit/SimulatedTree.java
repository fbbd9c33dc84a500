// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

import dev.varve.core.file.DiskFullException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The tree of names, and the space that its files take. Paths are absolute and normalized. Guarded by the
 * file system's lock.
 */
final class SimulatedTree {
  private static final int MOST_LOOKS = 1000;

  private final SimulatedDirectory root;
  long capacityBytes = Long.MAX_VALUE;
  long usedBytes;

  SimulatedTree() {
    this(new SimulatedDirectory());
  }

  private SimulatedTree(SimulatedDirectory root) {
    this.root = root;
  }

  long usableBytes() {
    return Math.max(0, capacityBytes - usedBytes);
  }

  @Nullable SimulatedNode find(@Nullable Path path) {
    if (path == null) {
      return null;
    }
    SimulatedNode at = root;
    for (Path name : path) {
      if (!(at instanceof SimulatedDirectory directory)) {
        return null;
      }
      at = directory.get(name.toString());
    }
    return at;
  }

  SimulatedFile file(Path path) throws IOException {
    if (find(path) instanceof SimulatedFile file) {
      return file;
    }
    throw new NoSuchFileException(path.toString());
  }

  SimulatedDirectory directory(@Nullable Path path) throws IOException {
    SimulatedNode node = find(path);
    if (node instanceof SimulatedDirectory directory) {
      return directory;
    }
    throw node == null
        ? new NoSuchFileException(String.valueOf(path))
        : new NotDirectoryException(String.valueOf(path));
  }

  void createDirectories(Path path) throws IOException {
    SimulatedDirectory at = root;
    for (Path name : path) {
      SimulatedNode next = at.get(name.toString());
      if (next == null) {
        next = new SimulatedDirectory();
        at.add(name.toString(), next);
      }
      if (!(next instanceof SimulatedDirectory child)) {
        throw new FileAlreadyExistsException(path.toString());
      }
      at = child;
    }
  }

  void delete(Path path) throws IOException {
    checkReplaceable(path);
    SimulatedNode node = find(path);
    if (node != null) {
      directory(path.getParent()).remove(nameOf(path));
    }
    if (node instanceof SimulatedFile file) {
      unuse(file);
    }
  }

  void rename(Path from, Path to) throws IOException {
    SimulatedNode node = find(from);
    if (node == null) {
      throw new NoSuchFileException(from.toString());
    }
    SimulatedDirectory source = directory(from.getParent());
    SimulatedDirectory target = directory(to.getParent());
    if (from.equals(to)) {
      return;
    }
    checkReplaceable(to);
    SimulatedNode replaced = find(to);
    if (source == target) {
      source.rename(nameOf(from), nameOf(to));
    } else {
      target.add(nameOf(to), node);
      source.remove(nameOf(from));
    }
    if (replaced instanceof SimulatedFile file) {
      unuse(file);
    }
  }

  void link(Path existing, Path target) throws IOException {
    SimulatedFile file = file(existing);
    if (find(target) != null) {
      throw new FileAlreadyExistsException(target.toString());
    }
    name(target, file);
  }

  /** A new, empty file in place of what is there. */
  SimulatedFile replace(Path path) throws IOException {
    directory(path.getParent());
    if (find(path) instanceof SimulatedDirectory) {
      throw new FileAlreadyExistsException(path.toString());
    }
    delete(path);
    SimulatedFile fresh = new SimulatedFile();
    name(path, fresh);
    return fresh;
  }

  boolean isFileOfSize(Path path, int sizeBytes) {
    return find(path) instanceof SimulatedFile file && file.sizeBytes() == sizeBytes;
  }

  /** The file that is there if it has the size, else a new one of zeros. */
  SimulatedFile fileOfSize(Path path, int sizeBytes) throws IOException {
    if (find(path) instanceof SimulatedFile there && there.sizeBytes() == sizeBytes) {
      return there;
    }
    SimulatedFile fresh = replace(path);
    if (sizeBytes > usableBytes()) {
      delete(path);
      throw full(path);
    }
    fresh.allocate(sizeBytes);
    usedBytes += sizeBytes;
    return fresh;
  }

  static DiskFullException full(Path path) {
    return new DiskFullException(
        "simulated: file=" + path, new IOException("No space left on device"));
  }

  private void name(Path path, SimulatedFile file) throws IOException {
    directory(path.getParent()).add(nameOf(path), file);
    use(file);
  }

  private void checkReplaceable(Path path) throws IOException {
    if (find(path) instanceof SimulatedDirectory directory && !directory.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
  }

  private static String nameOf(Path path) {
    return path.getFileName().toString();
  }

  /** One more name or handle of {@code file}. */
  void use(SimulatedFile file) {
    if (file.users++ == 0) {
      usedBytes += file.sizeBytes();
    }
  }

  /** One name or handle less; without any the space is free. */
  void unuse(SimulatedFile file) {
    if (--file.users == 0) {
      usedBytes -= file.sizeBytes();
    }
  }

  /**
   * Keeps the bytes of all files as they are at one moment: other threads may still be storing into
   * mappings, so all are looked at until two looks in a row show the same.
   */
  void freeze() {
    for (int i = 0; i < MOST_LOOKS; i++) {
      if (!freeze(root, Collections.newSetFromMap(new IdentityHashMap<>()))) {
        return;
      }
    }
  }

  private static boolean freeze(SimulatedDirectory directory, Set<SimulatedNode> visited) {
    boolean[] changed = new boolean[1];
    directory.forEach(
        node -> {
          if (node instanceof SimulatedFile file) {
            changed[0] |= file.freeze();
          } else if (node instanceof SimulatedDirectory child && visited.add(child)) {
            changed[0] |= freeze(child, visited);
          }
        });
    return changed[0];
  }

  SimulatedTree afterKill() {
    return successor((SimulatedDirectory) copy(root, new IdentityHashMap<>()));
  }

  private static SimulatedNode copy(SimulatedNode node, Map<SimulatedNode, SimulatedNode> copies) {
    SimulatedNode known = copies.get(node);
    if (known != null) {
      return known;
    }
    if (node instanceof SimulatedFile file) {
      SimulatedFile copy = file.afterKill();
      copies.put(node, copy);
      return copy;
    }
    SimulatedDirectory copy = new SimulatedDirectory();
    copies.put(node, copy);
    ((SimulatedDirectory) node).copyTo(copy, each -> copy(each, copies));
    return copy;
  }

  SimulatedTree afterPowerCut(RandomGenerator random) {
    return successor(survivor(root, random, new IdentityHashMap<>()));
  }

  private static SimulatedDirectory survivor(
      SimulatedDirectory directory,
      RandomGenerator random,
      Map<SimulatedFile, SimulatedFile> survivors) {
    SimulatedDirectory after = new SimulatedDirectory();
    Function<SimulatedNode, SimulatedNode> survivor =
        node ->
            node instanceof SimulatedDirectory child
                ? survivor(child, random, survivors)
                : survivors.computeIfAbsent(
                    (SimulatedFile) node, file -> file.afterPowerCut(random));
    directory.surviveTo(after, random, survivor);
    return after;
  }

  private SimulatedTree successor(SimulatedDirectory newRoot) {
    SimulatedTree after = new SimulatedTree(newRoot);
    after.capacityBytes = capacityBytes;
    after.countNames(newRoot);
    return after;
  }

  private void countNames(SimulatedDirectory directory) {
    for (String name : directory.list()) {
      SimulatedNode node = directory.get(name);
      if (node instanceof SimulatedFile file) {
        use(file);
      } else if (node instanceof SimulatedDirectory child) {
        countNames(child);
      }
    }
  }
}
