// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.query.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view.
 *
 * @param columns the names of its columns
 * @param types their types
 * @param queryText its query as SQL text
 * @param searchPath the schemas in which the names of the query were looked up
 * @param dependencies the ids of the relations that its query names
 */
public record ViewDefinition(
    int id,
    String schema,
    String name,
    List<String> columns,
    List<SqlType> types,
    String queryText,
    List<String> searchPath,
    List<Integer> dependencies,
    CheckOption checkOption,
    boolean temporary,
    @Nullable String comment)
    implements Relation {
  /** What WITH CHECK OPTION asks of rows written through the view. */
  public enum CheckOption {
    NONE,
    LOCAL,
    CASCADED
  }
}
