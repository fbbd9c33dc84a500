// SPDX-License-Identifier: Apache-2.0
/** Records read from files: CSV and JSON lines, and the table that would hold them. */
@NullMarked
package dev.varve.cli.record;

import org.jspecify.annotations.NullMarked;
