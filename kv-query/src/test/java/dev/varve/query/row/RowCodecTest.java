// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RowCodecTest {
  private static Vector[] vectors(List<SqlType> types) {
    return types.stream().map(type -> Vector.allocate(type, 4)).toArray(Vector[]::new);
  }

  private static Object read(RowReader reader, SqlType type, int column) {
    Vector into = Vector.allocate(type, 1);
    reader.read(column, into);
    return into.datum(0);
  }

  @Property
  void everyColumnComesBackInAnyOrder(@ForAll Random random) {
    Samples samples = new Samples(random);
    List<SqlType> types = samples.types(20);
    RowCodec codec = RowCodec.of(types);
    RowWriter writer = new RowWriter(codec);
    Vector[] columns = vectors(types);
    for (int row = 0; row < 3; row++) {
      List<Object> values = new ArrayList<>();
      for (int c = 0; c < columns.length; c++) {
        values.add(samples.valueOrNull(types.get(c)));
        columns[c].setDatum(row, values.get(c));
      }
      writer.write(columns, row);
      RowReader reader = new RowReader(codec);
      reader.open(writer.bytes(), 0, writer.length());
      List<Integer> order = new ArrayList<>();
      for (int c = 0; c < columns.length; c++) {
        order.add(c);
      }
      Collections.shuffle(order, random);
      for (int c : order) {
        assertEquals(values.get(c), read(reader, types.get(c), c), () -> "column " + c);
      }
    }
  }

  @Property
  void rowsOutliveAddedColumns(@ForAll Random random) {
    Samples samples = new Samples(random);
    List<SqlType> types = samples.types(12);
    RowWriter writer = new RowWriter(RowCodec.of(types));
    Vector[] columns = vectors(types);
    for (int c = 0; c < columns.length; c++) {
      columns[c].setDatum(0, samples.valueOrNull(types.get(c)));
    }
    writer.write(columns, 0);
    List<SqlType> more = new ArrayList<>(types);
    List<Object> missing = new ArrayList<>(Collections.nCopies(types.size(), null));
    for (SqlType added : samples.types(12)) {
      more.add(added);
      missing.add(samples.valueOrNull(added));
    }
    RowReader reader = new RowReader(new RowCodec(more, missing));
    reader.open(writer.toByteArray(), 0, writer.length());
    for (int c = 0; c < more.size(); c++) {
      Object expected = c < types.size() ? columns[c].datum(0) : missing.get(c);
      assertEquals(expected, read(reader, more.get(c), c));
    }
  }

  @Property
  void rowsCutShortAreReportedNotMisread(@ForAll Random random) {
    Samples samples = new Samples(random);
    List<SqlType> types = new ArrayList<>(samples.types(6));
    types.add(SqlType.TEXT);
    RowCodec codec = RowCodec.of(types);
    RowWriter writer = new RowWriter(codec);
    Vector[] columns = vectors(types);
    for (int c = 0; c < columns.length - 1; c++) {
      columns[c].setDatum(0, samples.value(types.get(c)));
    }
    columns[columns.length - 1].setDatum(0, "last");
    writer.write(columns, 0);
    byte[] cut = Arrays.copyOf(writer.bytes(), random.nextInt(writer.length()));
    VarveException e =
        assertThrows(
            VarveException.class,
            () -> {
              RowReader reader = new RowReader(codec);
              reader.open(cut, 0, cut.length);
              for (int c = 0; c < columns.length; c++) {
                read(reader, types.get(c), c);
              }
            });
    assertEquals(ErrorCode.CORRUPTION, e.code());
  }

  @Test
  void aRowOfTwoNumbersIsSmall() {
    List<SqlType> types = List.of(SqlType.INTEGER, SqlType.TEXT);
    RowWriter writer = new RowWriter(RowCodec.of(types));
    Vector[] columns = vectors(types);
    columns[0].setDatum(0, 7);
    columns[1].setDatum(0, "abc");
    writer.write(columns, 0);
    assertEquals(3 + 1 + 4 + 1 + 3, writer.length());
  }

  @Test
  void moreThanSixteenHundredColumnsAreRefused() {
    List<SqlType> types = Collections.nCopies(1601, SqlType.INTEGER);
    VarveException e = assertThrows(VarveException.class, () -> RowCodec.of(types));
    assertEquals("54011", e.sqlState());
    assertTrue(e.getMessage().contains("1600"));
  }
}
