// SPDX-License-Identifier: Apache-2.0
/**
 * What there is: schemas, tables with columns, constraints and indexes, views, sequences. A {@link
 * dev.varve.query.catalog.Catalog} is an immutable picture of all of it; the store keeps it in the
 * keyspaces that {@link dev.varve.query.catalog.CatalogFormat} describes, so that definitions are
 * transactional like data.
 *
 * <p>Read in this order: {@link dev.varve.query.catalog.Catalog}, {@link
 * dev.varve.query.catalog.Relation}, {@link dev.varve.query.catalog.TableDefinition}, {@link
 * dev.varve.query.catalog.TableIndex}, {@link dev.varve.query.catalog.CatalogFormat}.
 *
 * <p>Expressions of defaults, checks and views are kept as text and bound by those who use them.
 * Depends on types and rows, and on the syntax trees for type names; not on binder or planner.
 */
@NullMarked
package dev.varve.query.catalog;

import org.jspecify.annotations.NullMarked;
