// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.DefinitionStatement.AlterSequence;
import dev.varve.query.ast.DefinitionStatement.CreateSequence;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.SequenceOptions;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.SequenceDefinition;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TypeNames;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** CREATE and ALTER SEQUENCE, and the sequences of SERIAL and IDENTITY columns. */
final class SequenceCreation {
  private final DefinitionContext context;

  SequenceCreation(DefinitionContext context) {
    this.context = context;
  }

  /** Creates a sequence; false when it was there already. */
  boolean create(CreateSequence statement) {
    QualifiedName name = statement.name();
    String schema = context.schemaFor(name, statement.temporary());
    if (context.isTaken(schema, name.name())) {
      if (statement.ifNotExists()) {
        return false;
      }
      throw context.alreadyExists(name);
    }
    SequenceOptions options = statement.options();
    SqlType type =
        options.type() == null
            ? SqlType.BIGINT
            : TypeNames.resolve(options.type(), context.source());
    SequenceDefinition fresh =
        ascending(context.newId(), schema, name.name(), type, statement.temporary());
    context.define(apply(owned(fresh, options), options, true));
    return true;
  }

  /** Creates the sequence of a column, which goes with it. */
  SequenceDefinition createFor(
      TableDefinition table, String column, SqlType type, SequenceOptions options) {
    String name = context.freeName(table.schema(), table.name() + "_" + column, "seq", List.of());
    SequenceDefinition fresh =
        ascending(context.newId(), table.schema(), name, type, table.temporary());
    SequenceDefinition owned = withOwner(fresh, table.id(), column);
    SequenceDefinition sequence = apply(owned, options, true);
    context.define(sequence);
    return sequence;
  }

  private static SequenceDefinition ascending(
      int id, String schema, String name, SqlType type, boolean temporary) {
    return new SequenceDefinition(
        id, schema, name, type, 1, 1, 1, greatest(type), 1, false, 0, "", temporary);
  }

  private static long greatest(SqlType type) {
    return type.kind() == TypeKind.SMALLINT
        ? Short.MAX_VALUE
        : type.kind() == TypeKind.INTEGER ? Integer.MAX_VALUE : Long.MAX_VALUE;
  }

  private static long least(SqlType type) {
    return type.kind() == TypeKind.SMALLINT
        ? Short.MIN_VALUE
        : type.kind() == TypeKind.INTEGER ? Integer.MIN_VALUE : Long.MIN_VALUE;
  }

  static SequenceDefinition withOwner(SequenceDefinition sequence, int table, String column) {
    return new SequenceDefinition(
        sequence.id(),
        sequence.schema(),
        sequence.name(),
        sequence.type(),
        sequence.start(),
        sequence.increment(),
        sequence.minValue(),
        sequence.maxValue(),
        sequence.cache(),
        sequence.cycle(),
        table,
        column,
        sequence.temporary());
  }

  static SequenceDefinition withName(SequenceDefinition sequence, String schema, String name) {
    return new SequenceDefinition(
        sequence.id(),
        schema,
        name,
        sequence.type(),
        sequence.start(),
        sequence.increment(),
        sequence.minValue(),
        sequence.maxValue(),
        sequence.cache(),
        sequence.cycle(),
        sequence.ownerTable(),
        sequence.ownerColumn(),
        sequence.temporary());
  }

  private SequenceDefinition owned(SequenceDefinition sequence, SequenceOptions options) {
    QualifiedName owner = options.ownedBy();
    if (owner == null) {
      return sequence;
    }
    if (owner.parts().size() == 1 && owner.name().equals("none")) {
      return withOwner(sequence, 0, "");
    }
    if (owner.parts().size() < 2) {
      throw context
          .error(ErrorCode.SYNTAX_ERROR, owner.span(), "invalid OWNED BY option")
          .hint("Specify OWNED BY table.column or OWNED BY NONE.")
          .build();
    }
    QualifiedName tableName =
        new QualifiedName(owner.parts().subList(0, owner.parts().size() - 1), owner.span());
    TableDefinition table = context.table(tableName);
    int column = context.column(table, owner.parts().get(owner.parts().size() - 1));
    return withOwner(sequence, table.id(), table.columns().get(column).name());
  }

  /** The sequence with what {@code options} say. */
  private SequenceDefinition apply(
      SequenceDefinition sequence, SequenceOptions options, boolean isNew) {
    SqlType type = sequence.type();
    if (!type.kind().isInteger()) {
      throw invalid("sequence type must be smallint, integer, or bigint");
    }
    long increment = Objects.requireNonNullElse(options.increment(), sequence.increment());
    if (increment == 0) {
      throw invalid("INCREMENT must not be zero");
    }
    boolean turned = isNew && increment < 0;
    long min = orElse(options.minValue(), turned ? least(type) : sequence.minValue());
    long max = orElse(options.maxValue(), turned ? -1 : sequence.maxValue());
    if (options.noMinValue()) {
      min = increment > 0 ? 1 : least(type);
    }
    if (options.noMaxValue()) {
      max = increment > 0 ? greatest(type) : -1;
    }
    if (max > greatest(type) || max < least(type)) {
      throw invalid("MAXVALUE (" + max + ") is out of range for sequence data type " + type);
    }
    if (min < least(type) || min > greatest(type)) {
      throw invalid("MINVALUE (" + min + ") is out of range for sequence data type " + type);
    }
    if (min >= max) {
      throw invalid("MINVALUE (" + min + ") must be less than MAXVALUE (" + max + ")");
    }
    long start = orElse(options.start(), isNew ? increment > 0 ? min : max : sequence.start());
    if (start < min) {
      throw invalid("START value (" + start + ") cannot be less than MINVALUE (" + min + ")");
    }
    if (start > max) {
      throw invalid("START value (" + start + ") cannot be greater than MAXVALUE (" + max + ")");
    }
    long cache = orElse(options.cache(), sequence.cache());
    if (cache < 1) {
      throw invalid("CACHE (" + cache + ") must be greater than zero");
    }
    return new SequenceDefinition(
        sequence.id(),
        sequence.schema(),
        sequence.name(),
        type,
        start,
        increment,
        min,
        max,
        cache,
        options.cycle() == null ? sequence.cycle() : options.cycle(),
        sequence.ownerTable(),
        sequence.ownerColumn(),
        sequence.temporary());
  }

  private static long orElse(@Nullable Long given, long otherwise) {
    return given == null ? otherwise : given;
  }

  private static VarveException invalid(String sentence) {
    return ErrorCode.INVALID_ARGUMENT.error(sentence).build();
  }

  /** Changes a sequence; false when there is none and that is no error. */
  boolean alter(AlterSequence statement) {
    QualifiedName name = statement.name();
    Relation relation = context.catalog().relation(name.schema(), name.name());
    if (relation == null && statement.ifExists()) {
      return false;
    }
    if (relation == null) {
      throw context.missing(name);
    }
    if (!(relation instanceof SequenceDefinition sequence)) {
      throw context
          .error(
              ErrorCode.WRONG_OBJECT_TYPE, name.span(), "\"" + name.name() + "\" is not a sequence")
          .build();
    }
    alter(sequence, statement.options());
    return true;
  }

  /** Changes a sequence, and restarts it if that is said. */
  void alter(SequenceDefinition sequence, SequenceOptions options) {
    context.lock(sequence);
    SequenceDefinition typed = sequence;
    if (options.type() != null) {
      SqlType type = TypeNames.resolve(options.type(), context.source());
      boolean greatest = sequence.maxValue() == greatest(sequence.type());
      typed =
          new SequenceDefinition(
              sequence.id(),
              sequence.schema(),
              sequence.name(),
              type,
              sequence.start(),
              sequence.increment(),
              sequence.minValue(),
              greatest ? greatest(type) : sequence.maxValue(),
              sequence.cache(),
              sequence.cycle(),
              sequence.ownerTable(),
              sequence.ownerColumn(),
              sequence.temporary());
    }
    SequenceDefinition changed = apply(owned(typed, options), options, false);
    context.define(changed);
    if (options.restartPlain() || options.restart() != null) {
      long value = orElse(options.restart(), changed.start());
      if (value < changed.minValue() || value > changed.maxValue()) {
        throw invalid(
            "RESTART value ("
                + value
                + ") cannot be "
                + (value < changed.minValue()
                    ? "less than MINVALUE (" + changed.minValue()
                    : "greater than MAXVALUE (" + changed.maxValue())
                + ")");
      }
      context.statement().sequences().set(changed, value, false);
    }
  }
}
