// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.engine;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The stores that can be measured. */
public enum EngineKind {
  /** Through {@code Database}, as users call it. */
  VARVE("64m", List.of(), VarveEngine::new),
  /** The storage engine alone. */
  LSM("64m", List.of(), LsmEngine::new),
  /** Tuned as a user would: LZ4, bloom filter of 10 bits, log on. */
  ROCKSDB("64m", List.of(), RocksDbEngine::new),
  LMDB(
      "64m",
      List.of(
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"),
      LmdbEngine::new),
  MVSTORE("2g", List.of(), MvStoreEngine::new),
  /** The limit of what a heap can do: no durability at all. */
  SKIPLIST("2g", List.of(), SkipListEngine::new);

  private final String heap;
  private final List<String> jvmFlags;
  private final Function<EngineSettings, Engine> opener;

  EngineKind(String heap, List<String> jvmFlags, Function<EngineSettings, Engine> opener) {
    this.heap = heap;
    this.jvmFlags = jvmFlags;
    this.opener = opener;
  }

  /** The maximal heap it is given, as {@code -Xmx} takes it. */
  public String heap() {
    return heap;
  }

  /** The flags it needs. */
  public List<String> jvmFlags() {
    return jvmFlags;
  }

  /** Opens it. */
  public Engine open(EngineSettings settings) {
    return opener.apply(settings);
  }

  /** Whether its data is there after a restart. */
  public boolean isPersistent() {
    return this != SKIPLIST;
  }

  /** The name on the command line and in reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind with that name. */
  public static EngineKind of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
