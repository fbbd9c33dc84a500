// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Cursor;
import dev.varve.ErrorCode;
import dev.varve.Extractor;
import dev.varve.Index;
import dev.varve.IndexType;
import dev.varve.IsolationLevel;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.Progress;
import dev.varve.Savepoint;
import dev.varve.VarveException;
import dev.varve.core.store.IndexDefinition;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.StoreTransaction;
import dev.varve.testkit.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Named indexes, kept by hand and by the store. */
public abstract class IndexContract extends StoreContract {
  /** Words of a value, split at spaces. */
  protected static final Extractor WORDS =
      value ->
          text(value).isEmpty()
              ? List.of()
              : Arrays.stream(text(value).split(" ")).map(StoreContract::bytes).toList();

  /** For subclasses. */
  protected IndexContract() {}

  private Index byHand(String name, IndexType type) {
    return store.createIndex(IndexDefinition.byHand(name, type), null, Progress.NONE);
  }

  private Index following(String name, IndexType type, boolean unique) {
    return store.createIndex(new IndexDefinition(name, type, "data", unique), WORDS, Progress.NONE);
  }

  private static String find(Index index, String indexed) {
    StringBuilder found = new StringBuilder();
    index.find(bytes(indexed)).forEach(key -> found.append(text(key)).append(' '));
    return found.toString();
  }

  private static List<String> range(Index index, KeyRange range) {
    try (Cursor cursor = index.range(range)) {
      return entries(cursor);
    }
  }

  @TestFactory
  Stream<DynamicTest> anIndexByHandIsASetOfPairs() {
    return Stream.of(IndexType.values())
        .map(
            type ->
                DynamicTest.dynamicTest(
                    type.name(),
                    () -> {
                      Index index = byHand("by_hand_" + type, type);
                      index.insert(bytes("x"), bytes("2"));
                      index.insert(bytes("x"), bytes("1"));
                      index.insert(bytes("x"), bytes("1"));
                      index.insert(bytes("xy"), bytes("3"));
                      index.insert(bytes(""), bytes(""));
                      assertEquals("1 2 ", find(index, "x"));
                      assertEquals("3 ", find(index, "xy"));
                      assertEquals(" ", find(index, ""));
                      index.remove(bytes("x"), bytes("1"));
                      index.remove(bytes("x"), bytes("absent"));
                      assertEquals("2 ", find(index, "x"));
                      assertEquals("by_hand_" + type, index.name());
                      assertEquals(type, index.type());
                    }));
  }

  @Test
  void indexedBytesOfEveryKindAreOrdered() {
    Index index = byHand("i", IndexType.BTREE);
    byte[][] indexed = {
      {}, {0}, {0, 0}, {0, 1}, {0, -1}, {1}, {1, 0}, {1, 0, 5}, {127}, {-128}, {-1}, {-1, 0},
      {-1, -1}
    };
    for (int i = indexed.length - 1; i >= 0; i--) {
      index.insert(indexed[i], new byte[] {0, 1});
      index.insert(indexed[i], new byte[] {0});
    }
    List<byte[]> walked = new ArrayList<>();
    try (Cursor cursor = index.range(KeyRange.all())) {
      while (cursor.next()) {
        walked.add(cursor.key());
      }
    }
    assertEquals(2 * indexed.length, walked.size());
    for (int i = 0; i < walked.size(); i++) {
      assertEquals(Arrays.toString(indexed[i / 2]), Arrays.toString(walked.get(i)));
    }
    for (int low = 0; low < indexed.length; low++) {
      for (int high = low + 1; high < indexed.length; high++) {
        int expected = 2 * (high - low);
        KeyRange between = KeyRange.between(indexed[low], indexed[high]);
        assertEquals(expected, range(index, between).size());
        assertEquals(expected, range(index, between.reversed()).size());
      }
      assertEquals(2, index.find(indexed[low]).size());
    }
    try (Cursor cursor = index.range(KeyRange.all())) {
      assertTrue(cursor.seek(new byte[] {1}));
      assertEquals("[1]", Arrays.toString(cursor.key()));
      assertEquals("[0]", Arrays.toString(cursor.value()));
    }
    try (Cursor cursor = index.range(KeyRange.all().reversed())) {
      assertTrue(cursor.seek(new byte[] {1, 0, 4}));
      assertEquals("[1, 0]", Arrays.toString(cursor.key()));
      assertEquals("[0, 1]", Arrays.toString(cursor.value()));
    }
  }

  @Test
  void hashIndexesFindEqualBytesOnlyAndTakeLongOnes() {
    Index index = byHand("h", IndexType.HASH);
    byte[] longBytes = new byte[60_000];
    byte[] other = longBytes.clone();
    other[59_999] = 1;
    index.insert(longBytes, bytes("1"));
    index.insert(other, bytes("2"));
    assertEquals(1, index.find(longBytes).size());
    assertEquals("2", text(index.find(other).get(0)));
    assertFails(ErrorCode.NOT_SUPPORTED, () -> index.range(KeyRange.all()));
  }

  @Test
  void changesByHandBelongToTheTransaction() {
    byHand("i", IndexType.BTREE);
    try (StoreTransaction transaction = begin()) {
      Index mine = transaction.index("i");
      mine.insert(bytes("x"), bytes("1"));
      Savepoint savepoint = transaction.savepoint("s");
      mine.insert(bytes("x"), bytes("2"));
      assertEquals("1 2 ", find(mine, "x"));
      transaction.rollbackTo(savepoint);
      assertEquals("1 ", find(mine, "x"));
      assertEquals("", find(store.autocommit().index("i"), "x"));
      transaction.commit();
    }
    assertEquals("1 ", find(store.autocommit().index("i"), "x"));
    try (StoreSnapshot snapshot = store.snapshot()) {
      assertFails(ErrorCode.READ_ONLY, () -> snapshot.index("i").insert(bytes("y"), bytes("1")));
    }
  }

  @TestFactory
  Stream<DynamicTest> theStoreKeepsAnIndexFromItsExtractor() {
    return Stream.of(IndexType.values())
        .map(type -> DynamicTest.dynamicTest(type.name(), () -> keepsAnIndex(type)));
  }

  private void keepsAnIndex(IndexType type) {
    KeyValues data = store.autocommit().keyspace("data");
    data.deleteRange(bytes(""), bytes("~"));
    put(data, "1", "red round");
    put(data, "2", "red");
    Index index = following("words_" + type, type, false);
    assertEquals("1 2 ", find(index, "red"));
    put(data, "3", "round round");
    put(data, "2", "blue");
    data.delete(bytes("1"));
    assertEquals("", find(index, "red"));
    assertEquals("3 ", find(index, "round"));
    assertEquals("2 ", find(index, "blue"));
    try (StoreTransaction transaction = begin()) {
      KeyValues mine = transaction.keyspace("data");
      put(mine, "4", "red");
      put(mine, "4", "green");
      put(mine, "2", "");
      Index seen = transaction.index("words_" + type);
      assertEquals("", find(seen, "red"));
      assertEquals("4 ", find(seen, "green"));
      assertEquals("", find(seen, "blue"));
      assertEquals("2 ", find(index, "blue"));
      mine.deleteRange(bytes("3"), bytes("4"));
      assertEquals("", find(seen, "round"));
      transaction.commit();
    }
    assertEquals(List.of("2=", "4=green"), entries(data));
    assertEquals("", find(index, "round"));
    assertEquals(List.of(), store.verify(Progress.NONE));
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> index.insert(bytes("x"), bytes("y")));
    try (StoreTransaction transaction = begin()) {
      transaction.clearKeyspace(transaction.keyspace("data").id());
      transaction.commit();
    }
    assertEquals("", find(index, "green"));
    assertEquals(List.of(), store.verify(Progress.NONE));
  }

  @TestFactory
  Stream<DynamicTest> aUniqueIndexHasOnePrimaryKeyUnderTheSameBytes() {
    return Stream.of(IndexType.values())
        .map(type -> DynamicTest.dynamicTest(type.name(), () -> isUnique(type)));
  }

  private void isUnique(IndexType type) {
    KeyValues data = store.autocommit().keyspace("data");
    data.deleteRange(bytes(""), bytes("~"));
    Index index = following("unique_" + type, type, true);
    put(data, "1", "a b");
    VarveException failure = assertFails(ErrorCode.UNIQUE_VIOLATION, () -> put(data, "2", "c a"));
    assertEquals(index.name(), failure.facts().get("index"));
    assertEquals("", find(index, "c"));
    put(data, "1", "b c");
    put(data, "2", "a");
    try (StoreTransaction transaction = begin()) {
      KeyValues mine = transaction.keyspace("data");
      assertFails(ErrorCode.UNIQUE_VIOLATION, () -> put(mine, "3", "b"));
      assertTrue(transaction.isActive());
      mine.delete(bytes("1"));
      put(mine, "3", "b");
      transaction.commit();
    }
    assertEquals("3 ", find(index, "b"));
    Session first = session(IsolationLevel.REPEATABLE_READ);
    Session second = session(IsolationLevel.REPEATABLE_READ);
    first.run(each -> put(each.keyspace("data"), "10", "new"));
    Session.Call<Boolean> waiting =
        second.startRun(each -> put(each.keyspace("data"), "11", "new"));
    assertTrue(waiting.isWaiting());
    first.run(StoreTransaction::commit);
    assertFails(ErrorCode.UNIQUE_VIOLATION, waiting::result);
    second.close();
    assertEquals(List.of(), store.verify(Progress.NONE));
    store.dropIndex(index.name());
  }

  @Test
  void buildingAUniqueIndexOverDuplicatesLeavesNothing() {
    KeyValues data = store.autocommit().keyspace("data");
    put(data, "1", "same");
    put(data, "2", "same");
    assertFails(ErrorCode.UNIQUE_VIOLATION, () -> following("broken", IndexType.BTREE, true));
    assertFalse(store.indexes().containsKey("broken"));
    put(data, "3", "same");
    data.delete(bytes("2"));
    data.delete(bytes("3"));
    following("broken", IndexType.BTREE, true);
    assertEquals("1 ", find(store.autocommit().index("broken"), "same"));
  }

  @Test
  void indexesAreListedAndDropped() {
    byHand("b", IndexType.HASH);
    following("a", IndexType.BTREE, false);
    assertEquals(List.of("a", "b"), List.copyOf(store.indexes().keySet()));
    assertEquals("data", store.indexes().get("a").keyspace());
    assertFails(ErrorCode.ALREADY_EXISTS, () -> byHand("a", IndexType.BTREE));
    Index dropped = store.autocommit().index("b");
    assertTrue(store.dropIndex("b"));
    assertFalse(store.dropIndex("b"));
    assertFails(ErrorCode.NOT_FOUND, () -> dropped.find(bytes("x")));
    assertFails(ErrorCode.NOT_FOUND, () -> store.autocommit().index("b"));
    put(store.autocommit().keyspace("data"), "1", "w");
    store.dropKeyspace("data");
    assertEquals(Map.of(), store.indexes());
    put(store.autocommit().keyspace("data"), "1", "w");
  }

  @Test
  void snapshotsSeeTheIndexAsTheySeeTheData() {
    KeyValues data = store.autocommit().keyspace("data");
    put(data, "0", "x");
    try (StoreSnapshot before = store.snapshot()) {
      put(data, "00", "y");
      following("i", IndexType.BTREE, false);
      put(data, "1", "x");
      try (StoreSnapshot middle = store.snapshot()) {
        put(data, "1", "y");
        put(data, "2", "x");
        assertEquals("0 1 ", find(middle.index("i"), "x"));
        assertEquals("0 2 ", find(store.autocommit().index("i"), "x"));
        assertFails(ErrorCode.NOT_FOUND, () -> before.index("i"));
      }
    }
  }

  @Test
  void aFailingExtractorFailsTheWriteOnly() {
    Extractor failing =
        value -> {
          if (value.length > 3) {
            throw new IllegalStateException("cannot read this");
          }
          return List.of(value);
        };
    store.createIndex(
        new IndexDefinition("f", IndexType.BTREE, "data", false), failing, Progress.NONE);
    KeyValues data = store.autocommit().keyspace("data");
    put(data, "1", "ok");
    VarveException failure =
        assertFails(ErrorCode.EXTERNAL_ROUTINE, () -> put(data, "2", "too long"));
    assertEquals("cannot read this", failure.getCause().getMessage());
    assertEquals(List.of("1=ok"), entries(data));
  }

  @Test
  void serializableValidatesWhatAnIndexWasAsked() {
    following("i", IndexType.BTREE, false);
    try (StoreTransaction transaction = begin(IsolationLevel.SERIALIZABLE)) {
      assertEquals("", find(transaction.index("i"), "x"));
      put(transaction.keyspace(0), "z", "1");
      put(store.autocommit().keyspace("data"), "1", "x");
      assertFails(ErrorCode.SERIALIZATION_FAILURE, transaction::commit);
    }
  }

  @Test
  void anIndexIsBuiltWhileOthersWrite() {
    Seed.run(
        (seed, random) -> {
          KeyValues data = store.autocommit().keyspace("data");
          for (int i = 0; i < 2_000; i++) {
            put(data, "k" + random.nextInt(3_000), "w" + random.nextInt(50));
          }
          AtomicBoolean built = new AtomicBoolean();
          List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
          List<Thread> writers = new ArrayList<>();
          for (int t = 0; t < 2; t++) {
            var mine = Seed.random(random.nextLong());
            Thread writer =
                new Thread(
                    () -> {
                      while (!built.get()) {
                        write(mine);
                      }
                      for (int more = 0; more < 50; more++) {
                        write(mine);
                      }
                    });
            writer.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
            writer.start();
            writers.add(writer);
          }
          try {
            following("online", IndexType.BTREE, false);
            following("online_hash", IndexType.HASH, false);
          } finally {
            built.set(true);
            for (Thread writer : writers) {
              writer.join();
            }
          }
          assertEquals(List.of(), failures);
          assertEquals(List.of(), store.verify(Progress.NONE));
          Map<String, Integer> counts = new TreeMap<>();
          for (String entry : entries(data)) {
            counts.merge(entry.split("=")[1], 1, Integer::sum);
          }
          for (String name : List.of("online", "online_hash")) {
            Index index = store.autocommit().index(name);
            counts.forEach(
                (word, count) -> assertEquals(count, index.find(bytes(word)).size(), word));
          }
        });
  }

  private void write(java.util.random.RandomGenerator random) {
    try (StoreTransaction transaction = begin(IsolationLevel.READ_COMMITTED)) {
      KeyValues data = transaction.keyspace("data");
      for (int i = 0; i < 3; i++) {
        String key = "k" + random.nextInt(3_000);
        if (random.nextInt(4) == 0) {
          data.delete(bytes(key));
        } else {
          put(data, key, "w" + random.nextInt(50));
        }
      }
      transaction.commit();
    } catch (VarveException refused) {
      if (!refused.isRetryable()) {
        throw refused;
      }
    }
  }
}
