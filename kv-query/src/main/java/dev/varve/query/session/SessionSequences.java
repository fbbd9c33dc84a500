// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.ErrorCode;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.SequenceDefinition;
import dev.varve.query.expression.SessionFunctions;
import dev.varve.query.transaction.SequenceValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What functions ask of a session: sequences, settings, schema. */
final class SessionSequences implements SessionFunctions {
  private final SequenceValues sequences;
  private final Supplier<Catalog> catalog;
  private final SessionSettings settings;
  private final Map<Integer, Long> taken = new HashMap<>();
  private @Nullable Long last;

  SessionSequences(SequenceValues sequences, Supplier<Catalog> catalog, SessionSettings settings) {
    this.sequences = sequences;
    this.catalog = catalog;
    this.settings = settings;
  }

  private SequenceDefinition find(String text) {
    List<String> parts = parts(text);
    String name = parts.get(parts.size() - 1);
    String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
    Relation relation = catalog.get().relation(schema, name);
    if (relation == null) {
      throw ErrorCode.UNDEFINED_TABLE.error("relation \"" + text + "\" does not exist").build();
    }
    if (!(relation instanceof SequenceDefinition sequence)) {
      throw ErrorCode.WRONG_OBJECT_TYPE.error("\"" + name + "\" is not a sequence").build();
    }
    return sequence;
  }

  /** The parts of a name as it stands in a string: folded unless in quotes. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        part.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(quoted ? String.valueOf(c) : String.valueOf(c).toLowerCase(Locale.ROOT));
      }
    }
    parts.add(part.toString().trim());
    return parts;
  }

  @Override
  public long nextValue(String sequence) {
    SequenceDefinition definition = find(sequence);
    long value = sequences.next(definition);
    taken.put(definition.id(), value);
    last = value;
    return value;
  }

  @Override
  public long currentValue(String sequence) {
    SequenceDefinition definition = find(sequence);
    Long value = taken.get(definition.id());
    if (value == null) {
      throw ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE
          .error(
              "currval of sequence \""
                  + definition.name()
                  + "\" is not yet defined in this session")
          .build();
    }
    return value;
  }

  @Override
  public long lastValue() {
    if (last == null) {
      throw ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE
          .error("lastval is not yet defined in this session")
          .build();
    }
    return last;
  }

  @Override
  public long setValue(String sequence, long value, boolean called) {
    SequenceDefinition definition = find(sequence);
    sequences.set(definition, value, called);
    if (called) {
      taken.put(definition.id(), value);
    }
    return value;
  }

  @Override
  public String schema() {
    for (String schema : settings.searchPath()) {
      if (catalog.get().hasSchema(schema)) {
        return schema;
      }
    }
    return Catalog.PUBLIC;
  }

  @Override
  public @Nullable String setting(String name) {
    return settings.get(name);
  }
}
