// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.engine;

import java.nio.file.Path;

/**
 * How an engine is opened.
 *
 * @param directory where its files are
 * @param cacheBytes memory for caches
 * @param memtableBytes memory for writes not yet in tables
 * @param synced whether every commit is forced to the device
 * @param readOnlyWork whether nothing will be written, so that one read transaction may serve all reads
 */
public record EngineSettings(
    Path directory, long cacheBytes, long memtableBytes, boolean synced, boolean readOnlyWork) {}
