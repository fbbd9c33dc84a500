// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Cursor;
import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.WriteBatch;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.RangeEstimate;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.StoreTransaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys and values through autocommit, transactions and snapshots. */
public abstract class KeyValueContract extends StoreContract {
  /** For subclasses. */
  protected KeyValueContract() {}

  @Test
  void autocommitWritesAreSeenAtOnce() {
    KeyValues table = store.autocommit().keyspace(0);
    assertNull(table.get(bytes("a")));
    put(table, "a", "1");
    put(table, "a", "2");
    assertEquals("2", get(table, "a"));
    assertTrue(table.contains(bytes("a")));
    table.delete(bytes("a"));
    assertFalse(table.contains(bytes("a")));
    table.delete(bytes("a"));
  }

  @Test
  void keysAndValuesOfEverySizeAreKept() {
    KeyValues table = store.autocommit().keyspace(0);
    byte[] longest = new byte[KeyValues.MAX_KEY_BYTES];
    byte[] large = new byte[3 << 20];
    large[large.length - 1] = 7;
    table.put(new byte[0], new byte[0]);
    table.put(longest, large);
    assertArrayEquals(new byte[0], table.get(new byte[0]));
    assertArrayEquals(large, table.get(longest));
    byte[] tooLong = new byte[KeyValues.MAX_KEY_BYTES + 1];
    assertFails(ErrorCode.KEY_TOO_LONG, () -> table.put(tooLong, new byte[0]));
    assertFails(ErrorCode.KEY_TOO_LONG, () -> table.get(tooLong));
    try (StoreTransaction transaction = begin()) {
      assertFails(ErrorCode.KEY_TOO_LONG, () -> transaction.keyspace(0).put(tooLong, new byte[0]));
      transaction.keyspace(0).put(longest, new byte[] {1});
      transaction.commit();
    }
    assertArrayEquals(new byte[] {1}, table.get(longest));
  }

  @Test
  void buffersAreReadWithoutMovingAndFilledAsFarAsTheyGo() {
    KeyValues table = store.autocommit().keyspace(0);
    try (StoreTransaction transaction = begin(IsolationLevel.READ_COMMITTED)) {
      for (KeyValues each : List.of(table, transaction.keyspace(0))) {
        ByteBuffer key = ByteBuffer.allocateDirect(8);
        key.put(2, (byte) 'k').position(2).limit(3);
        each.put(key, ByteBuffer.wrap(bytes("value")));
        assertEquals(2, key.position());
        ByteBuffer small = ByteBuffer.allocate(3);
        assertEquals(5, each.get(key, small));
        assertEquals(0, small.remaining());
        assertArrayEquals(bytes("val"), small.array());
        ByteBuffer roomy = ByteBuffer.allocateDirect(10);
        assertEquals(5, each.get(key, roomy));
        assertEquals(5, roomy.position());
        assertEquals(-1, each.get(ByteBuffer.wrap(bytes("absent")), roomy));
        if (each == table) {
          table.delete(bytes("k"));
        }
      }
    }
  }

  @Test
  void callersMayReuseTheirArrays() {
    byte[] key = bytes("k");
    byte[] value = bytes("v");
    try (StoreTransaction transaction = begin()) {
      transaction.keyspace(0).put(key, value);
      key[0] = 'x';
      value[0] = 'x';
      byte[] read = transaction.keyspace(0).get(bytes("k"));
      assertEquals("v", text(read));
      read[0] = 'y';
      assertEquals("v", get(transaction.keyspace(0), "k"));
      transaction.commit();
    }
    assertEquals("v", get(store.autocommit().keyspace(0), "k"));
  }

  @Test
  void aTransactionReadsItsOwnWrites() {
    KeyValues table = store.autocommit().keyspace(0);
    for (String key : List.of("a", "c", "e", "g")) {
      put(table, key, "old");
    }
    for (IsolationLevel level : IsolationLevel.values()) {
      try (StoreTransaction transaction = begin(level)) {
        Keyspace mine = transaction.keyspace(0);
        put(mine, "b", "new");
        put(mine, "c", "new");
        mine.delete(bytes("e"));
        mine.delete(bytes("absent"));
        List<String> expected = List.of("a=old", "b=new", "c=new", "g=old");
        assertEquals(expected, entries(mine));
        assertEquals(
            List.of("c=new", "b=new"),
            entries(mine, KeyRange.between(bytes("b"), bytes("e")).reversed()));
        assertNull(get(mine, "e"));
        assertEquals("new", get(mine, "c"));
      }
    }
    assertEquals(List.of("a=old", "c=old", "e=old", "g=old"), entries(table));
  }

  @Test
  void ownRangeDeletesHideWhatIsBeforeThemAndNotWhatComesAfter() {
    KeyValues table = store.autocommit().keyspace(0);
    for (String key : List.of("a", "b", "c", "d", "e")) {
      put(table, key, "old");
    }
    try (StoreTransaction transaction = begin()) {
      Keyspace mine = transaction.keyspace(0);
      put(mine, "bb", "before");
      mine.deleteRange(bytes("b"), bytes("d"));
      assertEquals(List.of("a=old", "d=old", "e=old"), entries(mine));
      put(mine, "c", "after");
      assertNull(get(mine, "bb"));
      assertNull(get(mine, "b"));
      assertEquals(List.of("a=old", "c=after", "d=old", "e=old"), entries(mine));
      mine.deleteRange(bytes("c"), bytes("e"));
      put(mine, "cc", "last");
      mine.deleteRange(bytes("x"), bytes("w"));
      transaction.commit();
    }
    assertEquals(List.of("a=old", "cc=last", "e=old"), entries(table));
  }

  @Test
  void clearingAKeyspaceSparesItsNeighbours() {
    int middle = store.allocateKeyspace();
    int next = store.allocateKeyspace();
    assertEquals(middle + 1, next);
    put(store.autocommit().keyspace(0), "a", "0");
    put(store.autocommit().keyspace(middle), "a", "1");
    put(store.autocommit().keyspace(next), "", "2");
    try (StoreTransaction transaction = begin()) {
      transaction.clearKeyspace(middle);
      assertEquals(List.of(), entries(transaction.keyspace(middle)));
      put(transaction.keyspace(middle), "b", "3");
      transaction.commit();
    }
    assertEquals(List.of("b=3"), entries(store.autocommit().keyspace(middle)));
    assertEquals(List.of("a=0"), entries(store.autocommit().keyspace(0)));
    assertEquals(List.of("=2"), entries(store.autocommit().keyspace(next)));
  }

  @Test
  void rangesAreWalkedBothWaysWithinTheirBounds() {
    KeyValues table = store.autocommit().keyspace(0);
    for (String key : List.of("a", "ab", "b", "ba", "c")) {
      put(table, key, "1");
    }
    try (StoreTransaction transaction = begin()) {
      put(transaction.keyspace(0), "bb", "2");
      for (Keyspace each : List.of(transaction.keyspace(0), store.autocommit().keyspace(0))) {
        String bb = each == transaction.keyspace(0) ? "bb=2 " : "";
        assertEquals("b=1 ba=1 " + bb, keys(each, KeyRange.prefix(bytes("b"))));
        assertEquals("c=1 " + bb + "ba=1 ", keys(each, KeyRange.atLeast(bytes("b0")).reversed()));
        assertEquals("a=1 ab=1 ", keys(each, KeyRange.lessThan(bytes("b"))));
        assertEquals("", keys(each, KeyRange.between(bytes("c"), bytes("a"))));
        assertEquals("", keys(each, KeyRange.between(bytes("d"), bytes("z")).reversed()));
      }
    }
  }

  private static String keys(KeyValues where, KeyRange range) {
    StringBuilder keys = new StringBuilder();
    entries(where, range).forEach(entry -> keys.append(entry).append(' '));
    return keys.toString();
  }

  @Test
  void cursorsSeekInTheirDirection() {
    KeyValues table = store.autocommit().keyspace(0);
    for (String key : List.of("a", "c", "e", "g")) {
      put(table, key, key);
    }
    try (StoreTransaction transaction = begin()) {
      put(transaction.keyspace(0), "d", "d");
      try (Cursor up = transaction.keyspace(0).scan(KeyRange.between(bytes("b"), bytes("g")));
          Cursor down =
              transaction.keyspace(0).scan(KeyRange.between(bytes("b"), bytes("g")).reversed())) {
        assertTrue(up.seek(bytes("d")));
        assertEquals("d", text(up.key()));
        assertTrue(up.next());
        assertEquals("e", text(up.value()));
        assertFalse(up.next());
        assertFalse(up.next());
        assertTrue(up.seek(bytes("a")));
        assertEquals("c", text(up.key()));
        assertFalse(up.seek(bytes("f")));
        assertTrue(down.seek(bytes("dd")));
        assertEquals("d", text(down.key()));
        assertTrue(down.next());
        assertEquals("c", text(down.key()));
        assertFalse(down.next());
        assertTrue(down.seek(bytes("z")));
        assertEquals("e", text(down.key()));
        assertEquals(ByteBuffer.wrap(bytes("e")), down.keyBuffer());
        assertTrue(down.keyBuffer().isReadOnly());
      }
    }
  }

  @Test
  void batchesHandOverEverythingInOrder() {
    KeyValues table = store.autocommit().keyspace(0);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      String key = String.format("%04d", i);
      put(table, key, "v" + i);
      expected.add(key + "=v" + i);
    }
    try (StoreTransaction transaction = begin()) {
      put(transaction.keyspace(0), "0250", "mine");
      put(transaction.keyspace(0), "0250x", "too");
      expected.set(250, "0250=mine");
      expected.add(251, "0250x=too");
      for (KeyRange range : List.of(KeyRange.all(), KeyRange.all().reversed())) {
        List<String> found = new ArrayList<>();
        EntryBatch batch = new EntryBatch(64, 1 << 16);
        try (BatchCursor cursor = transaction.keyspace(0).scan(range)) {
          while (cursor.next(batch) > 0) {
            for (int i = 0; i < batch.count(); i++) {
              found.add(entry(batch, i));
            }
            assertEquals(found.get(found.size() - 1).split("=")[0], text(cursor.key()));
          }
        }
        assertEquals(expected, found);
        java.util.Collections.reverse(expected);
      }
    }
  }

  private static String entry(EntryBatch batch, int i) {
    return new String(batch.bytes(), batch.keyOffset(i), batch.keyBytes(i))
        + "="
        + new String(batch.bytes(), batch.valueOffset(i), batch.valueBytes(i));
  }

  @Test
  void aCursorShowsOneStateWhileOthersWrite() {
    KeyValues table = store.autocommit().keyspace(0);
    for (int i = 0; i < 100; i++) {
      put(table, String.format("%02d", i), "old");
    }
    try (Cursor cursor = table.scan(KeyRange.all())) {
      cursor.next();
      table.deleteRange(bytes("50"), bytes("60"));
      put(table, "10", "new");
      List<String> rest = entries(cursor);
      assertEquals(99, rest.size());
      assertTrue(rest.stream().allMatch(entry -> entry.endsWith("=old")), rest::toString);
    }
  }

  @Test
  void aBatchIsAppliedWhole() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "b", "old");
    long before = store.autocommit().readTimestamp();
    long timestamp =
        store.write(
            new WriteBatch()
                .put(bytes("a"), bytes("1"))
                .put(bytes("c"), bytes("gone"))
                .deleteRange(bytes("b"), bytes("d"))
                .put(bytes("c"), bytes("2"))
                .put(bytes("e"), bytes("3"))
                .delete(bytes("e")),
            Durability.ASYNC);
    assertTrue(timestamp > before);
    assertEquals(List.of("a=1", "c=2"), entries(table));
    store.write(new WriteBatch(), null);
  }

  @Test
  void aSnapshotStaysAsItIsAndCannotWrite() {
    KeyValues table = store.autocommit().keyspace(0);
    put(table, "a", "1");
    try (StoreSnapshot snapshot = store.snapshot()) {
      long timestamp = snapshot.readTimestamp();
      put(table, "a", "2");
      put(table, "b", "2");
      table.deleteRange(bytes("a"), bytes("b"));
      assertEquals(List.of("a=1"), entries(snapshot.keyspace(0)));
      assertEquals(timestamp, snapshot.readTimestamp());
      assertFails(ErrorCode.READ_ONLY, () -> put(snapshot.keyspace(0), "a", "3"));
      assertFails(ErrorCode.READ_ONLY, () -> snapshot.keyspace(0).delete(bytes("a")));
    }
  }

  @Test
  void commitTimestampsRiseAndDateTheirReads() {
    long last = 0;
    for (int i = 0; i < 100; i++) {
      try (StoreTransaction transaction = begin()) {
        assertTrue(transaction.readTimestamp() >= last);
        put(transaction.keyspace(0), "a", "" + i);
        long timestamp = transaction.commit();
        assertTrue(timestamp > last);
        last = timestamp;
      }
      try (StoreTransaction reader = begin()) {
        assertEquals(last, reader.readTimestamp());
        assertEquals(last, reader.commit());
      }
    }
  }

  @Test
  void estimatesAreOfTheRightOrder() {
    KeyValues table = store.autocommit().keyspace(0);
    for (int i = 0; i < 1000; i++) {
      put(table, String.format("%04d", i), "0123456789");
    }
    RangeEstimate all = store.estimate(0, KeyRange.all());
    assertTrue(all.entries() >= 300 && all.entries() <= 3000, all::toString);
    assertTrue(all.bytes() >= 4_000 && all.bytes() <= 100_000, all::toString);
    RangeEstimate none = store.estimate(0, KeyRange.between(bytes("z"), bytes("a")));
    assertEquals(0, none.entries());
  }
}
