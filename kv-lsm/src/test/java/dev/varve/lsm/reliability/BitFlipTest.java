// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.file.FileSystem;
import dev.varve.lsm.LsmStore;
import dev.varve.testkit.Seed;
import dev.varve.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Flips single bits in every file of a small store. Each must be found, by an error that names the file, or
 * be harmless: the store then shows what it showed before. It never shows anything else.
 */
class BitFlipTest {
  @Test
  void aFlippedBitOfAClosedStoreIsFoundOrHarmless() {
    Seed.run((seed, random) -> flip(closedStore(random), flips(random, shortFlips())));
  }

  @Test
  void aFlippedBitOfAKilledStoreIsFoundOrHarmless() {
    Seed.run((seed, random) -> flip(killedStore(random), flips(random, shortFlips())));
  }

  @Test
  @Tag("slow")
  void everyFlippedBitOfAClosedStoreIsFoundOrHarmless() {
    Seed.run((seed, random) -> flip(closedStore(random), everyBit(longStep())));
  }

  @Test
  @Tag("slow")
  void everyFlippedBitOfAKilledStoreIsFoundOrHarmless() {
    Seed.run((seed, random) -> flip(killedStore(random), everyBit(longStep())));
  }

  private static int shortFlips() {
    return Integer.getInteger("varve.flips.short", 250);
  }

  private static int longStep() {
    return Integer.getInteger("varve.flips.step", 1);
  }

  /** Which bits of a file are flipped. */
  @FunctionalInterface
  private interface Choice {
    List<Long> bits(byte[] content);
  }

  private static Choice everyBit(int step) {
    return content -> {
      List<Long> bits = new ArrayList<>();
      int end = usedBytes(content);
      for (long bit = 0; bit < end * 8L; bit += step) {
        bits.add(bit);
      }
      return bits;
    };
  }

  private static Choice flips(RandomGenerator random, int count) {
    return content -> {
      List<Long> bits = new ArrayList<>();
      int end = usedBytes(content);
      for (int i = 0; i < count && end > 0; i++) {
        bits.add(random.nextLong(end * 8L));
      }
      return bits;
    };
  }

  /** Bytes up to the last that is not zero, and some of the zeros behind it. */
  private static int usedBytes(byte[] content) {
    int end = content.length;
    while (end > 0 && content[end - 1] == 0) {
      end--;
    }
    return Math.min(content.length, end + 64);
  }

  private static Run filled(SimulatedFileSystem files, RandomGenerator random) {
    Run run = new Run(files, Run.small());
    run.open();
    run.execute(History.random(random, 15));
    run.execute(new Step.Flush());
    run.execute(new Step.Compact());
    run.execute(History.random(random, 5));
    run.execute(new Step.Flush());
    for (int i = 0; i < 6; i++) {
      run.execute(
          new Step.Commit(
              List.of(Change.put(History.key(2, i), new byte[10 + i])), Durability.SYNC));
    }
    return run;
  }

  private static Template closedStore(RandomGenerator random) {
    SimulatedFileSystem files = new SimulatedFileSystem(random);
    Run run = filled(files, random);
    run.check();
    NavigableMap<byte[], byte[]> state = StoreReading.state(run.store());
    run.close();
    return new Template(files.afterKill(), state);
  }

  private static Template killedStore(RandomGenerator random) {
    SimulatedFileSystem files = new SimulatedFileSystem(random);
    Run run = filled(files, random);
    NavigableMap<byte[], byte[]> state = StoreReading.state(run.store());
    SimulatedFileSystem after = files.afterKill();
    run.abandon();
    return new Template(after, state);
  }

  private static void flip(Template template, Choice choice) throws IOException {
    long found = 0;
    long harmless = 0;
    SimulatedFileSystem files = template.files();
    for (String name : files.list(Run.DIRECTORY)) {
      Path path = Run.DIRECTORY.resolve(name);
      for (long bit : choice.bits(content(files, path))) {
        if (isFound(files.copy(), path, bit, template.state())) {
          found++;
        } else {
          harmless++;
        }
      }
    }
    assertTrue(found > 0);
    System.out.println(found + " flipped bits found, " + harmless + " harmless");
  }

  private static boolean isFound(
      SimulatedFileSystem files, Path path, long bit, NavigableMap<byte[], byte[]> expected)
      throws IOException {
    files.flipBit(path, bit);
    String name = path.getFileName().toString();
    try {
      LsmStore store = LsmStore.open(files, Run.DIRECTORY, Run.small());
      try {
        NavigableMap<byte[], byte[]> state = StoreReading.state(store);
        Model model = new Model();
        model.settle(0, expected);
        if (model.find(state, 0, 0) < 0) {
          throw new AssertionError(model.difference(state));
        }
        List<String> faults = store.verify(Progress.NONE);
        if (faults.isEmpty()) {
          return false;
        }
        assertTrue(
            faults.get(0).contains(name), () -> "bit " + bit + " of " + path + ": " + faults);
        return true;
      } finally {
        store.close();
      }
    } catch (VarveException e) {
      if (!e.getMessage().contains(name) || !isAllowed(e.code())) {
        throw new AssertionError("bit " + bit + " of " + path, e);
      }
      return true;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("bit " + bit + " of " + path, e);
    }
  }

  /** A flipped bit in a magic or a version number makes a file of another kind or time of it. */
  private static boolean isAllowed(ErrorCode code) {
    return code == ErrorCode.CORRUPTION
        || code == ErrorCode.NEWER_FORMAT
        || code == ErrorCode.NOT_A_DATABASE;
  }

  private static byte[] content(FileSystem files, Path path) throws IOException {
    ByteBuffer content = ByteBuffer.allocate((int) files.sizeBytes(path));
    files.read(path, 0, content);
    return content.array();
  }

  /** A store at rest, and what it shows. */
  private record Template(SimulatedFileSystem files, NavigableMap<byte[], byte[]> state) {}
}
