// SPDX-License-Identifier: Apache-2.0
/**
 * What every {@link dev.varve.core.store.TransactionalStore} must do, as abstract JUnit classes: a
 * store is tested by extending each of them with a way to open it.
 *
 * <p>Reading order: {@link dev.varve.testkit.contract.StoreContract}, {@link
 * dev.varve.testkit.contract.Session}, {@link dev.varve.testkit.contract.Probe}, {@link
 * dev.varve.testkit.contract.IsolationContract}, then the others.
 */
@NullMarked
package dev.varve.testkit.contract;

import org.jspecify.annotations.NullMarked;
