// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.row;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.core.codec.TupleReader;
import dev.varve.core.codec.TupleWriter;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class KeyCodecTest {
  private static List<KeyPart> parts(Samples samples, Random random) {
    List<KeyPart> parts = new ArrayList<>();
    for (SqlType type : samples.types(4)) {
      parts.add(
          new KeyPart(type, random.nextBoolean(), random.nextBoolean(), random.nextBoolean()));
    }
    return parts;
  }

  private static Vector[] vectors(List<KeyPart> parts, Samples samples, Random random) {
    Vector[] columns = new Vector[parts.size()];
    for (int c = 0; c < columns.length; c++) {
      KeyPart part = parts.get(c);
      columns[c] = Vector.allocate(part.type(), 2);
      Object first =
          part.nullable() ? samples.valueOrNull(part.type()) : samples.value(part.type());
      columns[c].setDatum(0, first);
      boolean same = random.nextInt(3) == 0;
      columns[c].setDatum(
          1,
          same
              ? first
              : part.nullable() ? samples.valueOrNull(part.type()) : samples.value(part.type()));
    }
    return columns;
  }

  private static int compare(List<KeyPart> parts, Vector[] columns) {
    for (int c = 0; c < columns.length; c++) {
      KeyPart part = parts.get(c);
      boolean leftNull = columns[c].isNull(0);
      boolean rightNull = columns[c].isNull(1);
      int order;
      if (leftNull || rightNull) {
        order = leftNull == rightNull ? 0 : leftNull == part.nullsFirst() ? -1 : 1;
      } else {
        order = columns[c].compare(0, columns[c], 1);
        order = part.descending() ? -order : order;
      }
      if (order != 0) {
        return Integer.signum(order);
      }
    }
    return 0;
  }

  @Property
  void bytesSortAsTheColumnsDo(@ForAll Random random) {
    Samples samples = new Samples(random);
    List<KeyPart> parts = parts(samples, random);
    Vector[] columns = vectors(parts, samples, random);
    KeyCodec codec = new KeyCodec(parts);
    TupleWriter writer = new TupleWriter();
    codec.write(columns, 0, writer.reset());
    byte[] left = writer.toByteArray();
    codec.write(columns, 1, writer.reset());
    byte[] right = writer.toByteArray();
    assertEquals(compare(parts, columns), Integer.signum(Arrays.compareUnsigned(left, right)));
  }

  @Property
  void keysComeBackEqual(@ForAll Random random) {
    Samples samples = new Samples(random);
    List<KeyPart> parts = parts(samples, random);
    Vector[] columns = vectors(parts, samples, random);
    KeyCodec codec = new KeyCodec(parts);
    TupleWriter writer = new TupleWriter();
    codec.write(columns, 0, writer.reset());
    Vector[] decoded = new Vector[columns.length];
    for (int c = 0; c < decoded.length; c++) {
      boolean wanted = random.nextInt(4) != 0;
      decoded[c] = wanted ? Vector.allocate(parts.get(c).type(), 1) : null;
    }
    codec.read(new TupleReader().reset(writer.bytes(), 0, writer.length()), decoded, 0);
    for (int c = 0; c < decoded.length; c++) {
      if (decoded[c] != null) {
        assertEquals(columns[c].isNull(0), decoded[c].isNull(0));
        if (!decoded[c].isNull(0)) {
          assertEquals(0, decoded[c].compare(0, columns[c], 0));
          if (parts.get(c).isLossless()) {
            assertEquals(columns[c].datum(0), decoded[c].datum(0));
          }
        }
      }
    }
  }

  @Property
  void aValueAsAnObjectIsWrittenAlike(@ForAll Random random) {
    Samples samples = new Samples(random);
    List<KeyPart> parts = parts(samples, random);
    Vector[] columns = vectors(parts, samples, random);
    KeyCodec codec = new KeyCodec(parts);
    TupleWriter whole = new TupleWriter();
    TupleWriter pieces = new TupleWriter();
    codec.write(columns, 0, whole);
    for (int c = 0; c < columns.length; c++) {
      codec.write(c, columns[c].datum(0), pieces);
    }
    assertEquals(Arrays.toString(whole.toByteArray()), Arrays.toString(pieces.toByteArray()));
  }
}
