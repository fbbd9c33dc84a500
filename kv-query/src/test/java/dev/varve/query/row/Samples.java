// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.row;

import dev.varve.Interval;
import dev.varve.query.type.NumericSpecial;
import dev.varve.query.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Random types and values of them. */
final class Samples {
  private static final List<SqlType> TYPES =
      List.of(
          SqlType.BOOLEAN,
          SqlType.SMALLINT,
          SqlType.INTEGER,
          SqlType.BIGINT,
          SqlType.REAL,
          SqlType.DOUBLE,
          SqlType.NUMERIC,
          SqlType.numeric(10, 2),
          SqlType.numeric(30, 5),
          SqlType.TEXT,
          SqlType.varchar(20),
          SqlType.BYTEA,
          SqlType.DATE,
          SqlType.TIMESTAMP,
          SqlType.INTERVAL,
          SqlType.UUID);

  private final Random random;

  Samples(Random random) {
    this.random = random;
  }

  List<SqlType> types(int most) {
    List<SqlType> types = new ArrayList<>();
    int count = 1 + random.nextInt(most);
    for (int i = 0; i < count; i++) {
      types.add(TYPES.get(random.nextInt(TYPES.size())));
    }
    return types;
  }

  @Nullable Object valueOrNull(SqlType type) {
    return random.nextInt(6) == 0 ? null : value(type);
  }

  Object value(SqlType type) {
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case SMALLINT -> (int) (short) spread();
      case INTEGER, DATE -> (int) spread();
      case REAL -> (double) (float) (random.nextGaussian() * 1e3);
      case DOUBLE -> random.nextInt(8) == 0 ? Double.NaN : random.nextGaussian() * 1e9;
      case NUMERIC -> numeric(type);
      case TEXT, VARCHAR -> text();
      case BYTEA -> {
        byte[] bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        yield ByteBuffer.wrap(bytes);
      }
      case INTERVAL -> new Interval(random.nextInt(3), random.nextInt(70), spread() % (1L << 40));
      case UUID -> new UUID(random.nextLong(), random.nextLong());
      default -> spread();
    };
  }

  private Object numeric(SqlType type) {
    if (random.nextInt(20) == 0) {
      return NumericSpecial.NAN;
    }
    if (type.hasModifier()) {
      int digits = Math.min(type.size(), 30) * 3;
      BigInteger bound = BigInteger.TEN.pow(type.size());
      return new BigDecimal(new BigInteger(digits, random).mod(bound), type.scale());
    }
    return new BigDecimal(
        random.nextBoolean() ? BigInteger.valueOf(spread()) : new BigInteger(150, random),
        random.nextInt(12));
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(10) == 0 ? random.nextInt(400) : random.nextInt(6);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint("ab\u0001\u00e9\u20acz".charAt(random.nextInt(6)));
    }
    return text.toString();
  }

  private long spread() {
    return random.nextLong() >> random.nextInt(64);
  }
}
