// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.KeyRange;
import dev.varve.core.codec.TupleWriter;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.row.KeyCodec;
import dev.varve.query.row.KeyPart;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which keys of an ordered keyspace a scan reads: all combinations of values for the first parts of
 * the key, then perhaps a range of the next part. The values are expressions over no columns, or over
 * the row of an outer batch. Not thread-safe: its evaluators are not.
 */
public final class KeyBounds {
  private static final Batch NO_COLUMNS = oneRow();

  private final KeyCodec codec;
  private final List<Point> points;
  private final @Nullable Bound lower;
  private final @Nullable Bound upper;
  private final TupleWriter writer = new TupleWriter();

  /**
   * The values that one part of the key can have: those of the evaluators, NULLs among them leading
   * nowhere; or NULL itself.
   */
  public record Point(List<Evaluator> values, boolean isNull) {
    /** Copies. */
    public Point {
      values = List.copyOf(values);
    }
  }

  /** An end of a range of values; with {@code isPrefix}, text that starts with the value is meant. */
  public record Bound(Evaluator value, boolean inclusive, boolean isPrefix) {}

  /** Points for the first parts and a range of the part after them. */
  public KeyBounds(
      KeyCodec codec, List<Point> points, @Nullable Bound lower, @Nullable Bound upper) {
    this.codec = codec;
    this.points = List.copyOf(points);
    this.lower = lower;
    this.upper = upper;
  }

  private static Batch oneRow() {
    Batch batch = new Batch();
    batch.setCount(1);
    return batch;
  }

  /** The number of leading parts with fixed values. */
  public int pointCount() {
    return points.size();
  }

  /** The ranges of keys, ascending and apart, for values that read no row. */
  public List<KeyRange> ranges() {
    return ranges(NO_COLUMNS, 0);
  }

  /** The ranges of keys, ascending and apart, for the values of a row of {@code outer}. */
  public List<KeyRange> ranges(Batch outer, int row) {
    if (points.isEmpty() && lower == null && upper == null) {
      return List.of(KeyRange.all());
    }
    int[] selection = {row};
    List<byte[]> prefixes = List.of(new byte[0]);
    for (int part = 0; part < points.size(); part++) {
      prefixes = extend(prefixes, part, outer, selection);
    }
    List<KeyRange> ranges = new ArrayList<>(prefixes.size());
    for (byte[] prefix : prefixes) {
      KeyRange range = range(prefix, outer, selection);
      if (range != null && !range.isEmpty()) {
        ranges.add(range);
      }
    }
    return ranges;
  }

  /**
   * The one key that the points make, when they fix all parts with one value each; null when some
   * value is NULL.
   */
  public byte @Nullable [] key(Batch outer, int row) {
    int[] selection = {row};
    writer.reset();
    for (int part = 0; part < points.size(); part++) {
      Vector value = points.get(part).values().get(0).evaluate(outer, selection, 1);
      if (value.isNull(row)) {
        return null;
      }
      codec.write(part, value, row, writer);
    }
    return writer.toByteArray();
  }

  /** As {@link #key(Batch, int)} for values that read no row. */
  public byte @Nullable [] key() {
    return key(NO_COLUMNS, 0);
  }

  private List<byte[]> extend(List<byte[]> prefixes, int part, Batch outer, int[] selection) {
    Point point = points.get(part);
    int row = selection[0];
    List<byte[]> encoded = new ArrayList<>(Math.max(1, point.values().size()));
    if (point.isNull()) {
      writer.reset().absent(codec.part(part).nullsFirst());
      encoded.add(writer.toByteArray());
    }
    for (Evaluator evaluator : point.values()) {
      Vector value = evaluator.evaluate(outer, selection, 1);
      if (!value.isNull(row)) {
        writer.reset();
        codec.write(part, value, row, writer);
        encoded.add(writer.toByteArray());
      }
    }
    if (encoded.size() > 1) {
      encoded.sort(Arrays::compareUnsigned);
    }
    List<byte[]> extended = new ArrayList<>(prefixes.size() * encoded.size());
    for (byte[] prefix : prefixes) {
      byte[] last = null;
      for (byte[] each : encoded) {
        if (last == null || !Arrays.equals(last, each)) {
          extended.add(concat(prefix, each));
        }
        last = each;
      }
    }
    return extended;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private @Nullable KeyRange range(byte[] prefix, Batch outer, int[] selection) {
    if (lower == null && upper == null) {
      return KeyRange.prefix(prefix);
    }
    KeyPart part = codec.part(points.size());
    KeyRange low = end(prefix, lower, outer, selection);
    KeyRange high = end(prefix, upper, outer, selection);
    if (low == null || high == null) {
      return null;
    }
    Bound first = part.descending() ? upper : lower;
    Bound last = part.descending() ? lower : upper;
    KeyRange firstKeys = part.descending() ? high : low;
    KeyRange lastKeys = part.descending() ? low : high;
    byte[] from = first == null || first.inclusive() ? firstKeys.from() : firstKeys.to();
    byte[] to = last == null || last.inclusive() ? lastKeys.to() : lastKeys.from();
    if (from == null) {
      return null;
    }
    return to == null ? KeyRange.atLeast(from) : KeyRange.between(from, to);
  }

  /** The keys that have a bound's value; without a bound, those that have any value but NULL. */
  private @Nullable KeyRange end(
      byte[] prefix, @Nullable Bound bound, Batch outer, int[] selection) {
    KeyPart part = codec.part(points.size());
    writer.reset().raw(prefix, 0, prefix.length);
    if (bound == null) {
      if (part.nullable()) {
        writer.present();
      }
      return KeyRange.prefix(writer.toByteArray());
    }
    Vector value = bound.value().evaluate(outer, selection, 1);
    int row = selection[0];
    if (value.isNull(row)) {
      return null;
    }
    if (bound.isPrefix()) {
      BytesVector text = (BytesVector) value;
      if (part.nullable()) {
        writer.present();
      }
      writer.direction(false).bytesPrefix(text.bytes, text.offsets[row], text.lengths[row]);
    } else {
      codec.write(points.size(), value, row, writer);
    }
    return KeyRange.prefix(writer.toByteArray());
  }
}
