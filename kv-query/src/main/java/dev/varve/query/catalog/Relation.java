// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

/** What shares the namespace of tables: a name in a schema belongs to one of them or to an index. */
public sealed interface Relation permits TableDefinition, ViewDefinition, SequenceDefinition {
  /** Its number, never used again for anything else. */
  int id();

  /** Its schema. */
  String schema();

  /** Its name. */
  String name();
}
