// SPDX-License-Identifier: Apache-2.0
/** What the transaction layer tells Java Flight Recorder. Depends on the JDK only. */
@NullMarked
package dev.varve.txn.event;

import org.jspecify.annotations.NullMarked;
