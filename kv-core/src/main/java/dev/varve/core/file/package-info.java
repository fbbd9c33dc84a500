// SPDX-License-Identifier: Apache-2.0
/**
 * The one owner of files: every byte the engine reads or writes goes through {@link
 * dev.varve.core.file.FileSystem}, so that tests can cut power, tear writes, fill the disk and flip
 * bits at any operation.
 *
 * <p>Reading order: {@link dev.varve.core.file.FileSystem}, {@link
 * dev.varve.core.file.WritableFile}, {@link dev.varve.core.file.MappedFile}, {@link dev.varve.core.file.LocalFileSystem}, {@link
 * dev.varve.core.file.InMemoryFileSystem}. Depends on {@code
 * dev.varve.core.memory}.
 */
@NullMarked
package dev.varve.core.file;

import org.jspecify.annotations.NullMarked;
