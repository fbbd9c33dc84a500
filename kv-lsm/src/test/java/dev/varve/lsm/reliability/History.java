// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import dev.varve.Durability;
import dev.varve.core.codec.KeyspacePrefix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Draws random histories over a few keys, so that changes meet each other often. */
final class History {
  private static final int[] KEYSPACES = {1, 2, 300};
  private static final int KEYS = 24;
  private static final int LARGE_BYTES = 9000;

  private final RandomGenerator random;

  private History(RandomGenerator random) {
    this.random = random;
  }

  /** A history of {@code steps} steps. */
  static List<Step> random(RandomGenerator random, int steps) {
    History history = new History(random);
    List<Step> drawn = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      drawn.add(history.step());
    }
    return drawn;
  }

  private Step step() {
    int dice = random.nextInt(100);
    if (dice < 70) {
      return new Step.Commit(changes(), durability());
    }
    if (dice < 76) {
      return new Step.CommitSorted(sorted());
    }
    if (dice < 82) {
      return new Step.Sync();
    }
    if (dice < 90) {
      return new Step.Flush();
    }
    if (dice < 93) {
      return new Step.Compact();
    }
    if (dice < 95) {
      return new Step.Checkpoint();
    }
    return dice < 97 ? new Step.ReadBeside() : new Step.Reopen();
  }

  private Durability durability() {
    return Durability.values()[random.nextInt(Durability.values().length)];
  }

  private List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    int count = 1 + random.nextInt(random.nextInt(8) + 1);
    for (int i = 0; i < count; i++) {
      changes.add(change());
    }
    return changes;
  }

  private Change change() {
    int keyspace = KEYSPACES[random.nextInt(KEYSPACES.length)];
    int dice = random.nextInt(100);
    if (dice < 70) {
      return Change.put(key(keyspace, random.nextInt(KEYS)), value());
    }
    if (dice < 90) {
      return Change.delete(key(keyspace, random.nextInt(KEYS)));
    }
    int from = random.nextInt(KEYS);
    int to = from + 1 + random.nextInt(KEYS);
    return Change.deleteRange(key(keyspace, from), key(keyspace, to));
  }

  private List<Change> sorted() {
    TreeMap<byte[], Change> byKey = new TreeMap<>(Arrays::compareUnsigned);
    int count = 1 + random.nextInt(10);
    for (int i = 0; i < count; i++) {
      int keyspace = KEYSPACES[random.nextInt(KEYSPACES.length)];
      byte[] key = key(keyspace, random.nextInt(KEYS));
      byKey.put(key, random.nextInt(4) > 0 ? Change.put(key, value()) : Change.delete(key));
    }
    return List.copyOf(byKey.values());
  }

  private byte[] value() {
    int bytes = random.nextInt(20) == 0 ? LARGE_BYTES : random.nextInt(60);
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return value;
  }

  /** A physical key; some are as short as their prefix, some share long beginnings. */
  static byte[] key(int keyspace, int number) {
    byte[] prefix = KeyspacePrefix.of(keyspace);
    byte[] user =
        number == 0
            ? new byte[0]
            : number % 3 == 0
                ? ByteBuffer.allocate(12).putLong(0x7777_7777_7777_7777L).putInt(number).array()
                : new byte[] {(byte) number};
    byte[] key = Arrays.copyOf(prefix, prefix.length + user.length);
    System.arraycopy(user, 0, key, prefix.length, user.length);
    return key;
  }
}
