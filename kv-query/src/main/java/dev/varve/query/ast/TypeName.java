// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A type as a statement names it. Names that the grammar spells in several words or with synonyms
 * are in PostgreSQL's internal form: bool, int2, int4, int8, float4, float8, numeric, text, varchar,
 * bpchar (for CHAR), bytea, date, time, timetz, timestamp, timestamptz, interval, bit, varbit.
 *
 * @param modifiers what stood in parentheses, for instance precision and scale; may be negative
 * @param arrayDimensions how many pairs of brackets follow
 * @param intervalFields the fields of INTERVAL YEAR TO MONTH and the like as written in upper case,
 *     or null
 */
public record TypeName(
    QualifiedName name,
    List<Integer> modifiers,
    int arrayDimensions,
    @Nullable String intervalFields,
    Span span) {}
