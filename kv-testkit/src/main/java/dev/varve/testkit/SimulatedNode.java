// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

/** What a name stands for. */
sealed interface SimulatedNode permits SimulatedFile, SimulatedDirectory {}
