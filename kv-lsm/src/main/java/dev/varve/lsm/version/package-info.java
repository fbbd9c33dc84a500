// SPDX-License-Identifier: Apache-2.0
/**
 * Which tables make up the store at a moment, and how that is written down.
 *
 * <p>Reading order: {@link dev.varve.lsm.version.FileMeta} (facts about one table), {@link
 * dev.varve.lsm.version.TableFile} (one that is open), {@link dev.varve.lsm.version.SortedRun}
 * (tables side by side), {@link dev.varve.lsm.version.Version} (all runs, immutable), {@link
 * dev.varve.lsm.version.VersionEdit} (a change), {@link dev.varve.lsm.version.ManifestFormat} and
 * {@link dev.varve.lsm.version.Manifest} (the state on disk), {@link
 * dev.varve.lsm.version.VersionSet} (the current version, and which files are still needed).
 *
 * <p>Depends on {@code table}, {@code iterator}, {@code key} and kv-core.
 */
@NullMarked
package dev.varve.lsm.version;

import org.jspecify.annotations.NullMarked;
