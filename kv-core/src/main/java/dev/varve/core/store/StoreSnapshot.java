// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

/** A snapshot: reads only, any thread. Its keyspaces refuse writes. */
public interface StoreSnapshot extends StoreReader {}
