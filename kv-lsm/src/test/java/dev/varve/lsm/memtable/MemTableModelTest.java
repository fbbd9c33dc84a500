// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.core.store.Operations;
import dev.varve.lsm.memtable.VersionModel.Step;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MemTableModelTest {
  /** Prefixes that reach to either side of the longest that a hint can skip. */
  private static final int[] PREFIX_BYTES = {0, 0, 0, 1, 2, 3, 7, 8, 252, 253, 254, 255, 256, 300};

  @Property(tries = 300)
  void holdsWhatASortedMapHolds(@ForAll("histories") List<List<Step>> history, @ForAll long seed) {
    MemTableWriter writer = new MemTableWriter(4 << 20, seed);
    VersionModel model = new VersionModel();
    List<byte[]> probes = new ArrayList<>();
    long timestamp = 0;
    for (List<Step> commit : history) {
      timestamp++;
      assertTrue(writer.commit(timestamp, VersionModel.operations(commit)));
      model.commit(timestamp, commit);
      for (Step step : commit) {
        probes.add(step.first());
        if (step.kind() == Operations.DELETE_RANGE) {
          probes.add(step.second());
        }
      }
    }
    model.check(writer.memTable, probes.subList(0, Math.min(40, probes.size())), timestamp);
    assertEquals(timestamp, writer.memTable.maxTimestamp());
    writer.region.close();
  }

  @Property(tries = 100)
  void isTheSameAfterAnotherProcessAdoptsIt(
      @ForAll("histories") List<List<Step>> history, @ForAll long seed) {
    MemTableWriter writer = new MemTableWriter(4 << 20, seed);
    VersionModel model = new VersionModel();
    List<byte[]> probes = new ArrayList<>();
    long timestamp = 0;
    int whole = history.size() * 2 / 3;
    for (List<Step> commit : history) {
      timestamp++;
      Operations operations = VersionModel.operations(commit);
      if (timestamp > whole) {
        writer.begin(timestamp, operations);
        continue;
      }
      assertTrue(writer.commit(timestamp, operations));
      model.commit(timestamp, commit);
      commit.forEach(step -> probes.add(step.first()));
    }
    Adoption adoption = Adoption.of(writer.region.buffer());
    assertTrue(adoption.isWhole(), adoption.flaw());
    MemTableWriter heir =
        new MemTableWriter(writer.region, new MemTable(writer.region, adoption), ~seed);
    assertEquals(whole, heir.memTable.completeTimestamp());
    assertEquals(whole * 8L, adoption.logEnd());
    for (long replayed = whole + 1; replayed <= history.size(); replayed++) {
      List<Step> commit = history.get((int) replayed - 1);
      assertTrue(heir.commit(replayed, VersionModel.operations(commit)));
      model.commit(replayed, commit);
    }
    model.check(heir.memTable, probes.subList(0, Math.min(20, probes.size())), timestamp);
    writer.region.close();
  }

  @Provide
  Arbitrary<List<List<Step>>> histories() {
    return Arbitraries.integers()
        .between(0, PREFIX_BYTES.length - 1)
        .map(i -> PREFIX_BYTES[i])
        .flatMap(prefix -> steps(prefix).list().ofMinSize(1).ofMaxSize(12))
        .map(list -> list)
        .list()
        .ofMinSize(1)
        .ofMaxSize(16);
  }

  private static Arbitrary<Step> steps(int prefixBytes) {
    Arbitrary<byte[]> keys =
        Arbitraries.of(new Byte[] {0, 1, 'a', -1})
            .array(Byte[].class)
            .ofMaxSize(6)
            .map(boxed -> key(prefixBytes, boxed));
    Arbitrary<byte[]> values =
        Arbitraries.bytes().array(Byte[].class).ofMaxSize(20).map(boxed -> key(0, boxed));
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(
            10, Combinators.combine(keys, values).as((k, v) -> new Step(Operations.PUT, k, v))),
        net.jqwik.api.Tuple.of(3, keys.map(k -> new Step(Operations.DELETE, k, k))),
        net.jqwik.api.Tuple.of(
            1,
            Combinators.combine(keys, keys)
                .as((from, to) -> new Step(Operations.DELETE_RANGE, from, to))));
  }

  private static byte[] key(int prefixBytes, Byte[] rest) {
    byte[] key = new byte[prefixBytes + rest.length];
    for (int i = 0; i < rest.length; i++) {
      key[prefixBytes + i] = rest[i];
    }
    return key;
  }
}
