// SPDX-License-Identifier: Apache-2.0
/**
 * How the public API finds its implementation: {@code dev.varve.Database} lives at the bottom, so
 * that one package holds all that users import, and what it opens lives at the top.
 */
@NullMarked
package dev.varve.core.spi;

import org.jspecify.annotations.NullMarked;
