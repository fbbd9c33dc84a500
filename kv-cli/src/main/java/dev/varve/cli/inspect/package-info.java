// SPDX-License-Identifier: Apache-2.0
/** How the inspector draws. */
@NullMarked
package dev.varve.cli.inspect;

import org.jspecify.annotations.NullMarked;
