// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement about the session it runs in. */
public sealed interface SessionStatement extends Statement {
  /** SET [SESSION | LOCAL] name = values; an empty list is TO DEFAULT. */
  record SetVariable(String name, boolean local, List<String> values, Span span)
      implements SessionStatement {}

  /** RESET name, or ALL when null. */
  record ResetVariable(@Nullable String name, Span span) implements SessionStatement {}

  /** SHOW name; {@code all} for SHOW ALL. */
  record ShowVariable(String name, Span span) implements SessionStatement {}

  /** PREPARE name AS statement. */
  record Prepare(Identifier name, List<TypeName> types, Statement statement, Span span)
      implements SessionStatement {}

  /** EXECUTE name(..). */
  record Execute(Identifier name, List<Expression> arguments, Span span)
      implements SessionStatement {}

  /** DEALLOCATE name, or ALL when null. */
  record Deallocate(@Nullable Identifier name, Span span) implements SessionStatement {}

  /** DISCARD; the target in upper case. */
  record Discard(String target, Span span) implements SessionStatement {}
}
