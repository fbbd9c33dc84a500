// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

/** Placeholder until the engine has options of its own. */
public record LsmOptions() {}
