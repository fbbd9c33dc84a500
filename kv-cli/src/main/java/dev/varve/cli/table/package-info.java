// SPDX-License-Identifier: Apache-2.0
/** Results as text: fitted tables, CSV, JSON, SQL. */
@NullMarked
package dev.varve.cli.table;

import org.jspecify.annotations.NullMarked;
