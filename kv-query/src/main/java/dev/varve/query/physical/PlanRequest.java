// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.ast.SourceText;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.function.ParameterTypes;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that planning depends on besides the query.
 *
 * @param source the text that the query was read from
 * @param parameters receives the types of the parameters
 * @param zone how literals of TIMESTAMP WITH TIME ZONE are read
 * @param nowMicros what {@code 'now'} means, since 1970-01-01 UTC
 * @param given tables that the query can name besides those of the catalog
 * @param targets what the query's columns are stored as, null for those that are not; or empty
 */
public record PlanRequest(
    Catalog catalog,
    SourceText source,
    ParameterTypes parameters,
    ZoneId zone,
    long nowMicros,
    List<GivenTable> given,
    List<? extends @Nullable Target> targets) {}
