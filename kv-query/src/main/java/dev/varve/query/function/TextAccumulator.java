// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** string_agg of TEXT and BYTEA: values joined by the delimiter of the later one. */
final class TextAccumulator extends Accumulator {
  private byte @Nullable [][] texts = {};
  private int[] lengths = {};
  private long textBytes;

  @Override
  public void ensureGroups(int groups) {
    if (groups > texts.length) {
      int capacity = grown(texts.length, groups);
      texts = Arrays.copyOf(texts, capacity);
      lengths = Arrays.copyOf(lengths, capacity);
    }
  }

  @Override
  public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
    BytesVector in = (BytesVector) arguments[0];
    BytesVector delimiters = (BytesVector) arguments[1];
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (!in.nulls[row]) {
        int group = groups[k];
        if (texts[group] == null) {
          texts[group] = new byte[0];
        } else if (!delimiters.nulls[row]) {
          append(group, delimiters, row);
        }
        append(group, in, row);
      }
    }
  }

  private void append(int group, BytesVector source, int row) {
    int length = source.lengths[row];
    int needed = CharacterFunctions.checkedLength((long) lengths[group] + length);
    byte[] text = texts[group];
    assert text != null;
    if (needed > text.length) {
      byte[] larger = Arrays.copyOf(text, (int) Math.min(needed * 2L + 16, 1 << 30));
      textBytes += larger.length - text.length;
      texts[group] = larger;
      text = larger;
    }
    System.arraycopy(source.bytes, source.offsets[row], text, lengths[group], length);
    lengths[group] = needed;
  }

  @Override
  public void results(int first, int count, Vector into) {
    for (int i = 0; i < count; i++) {
      byte[] text = texts[first + i];
      if (text == null) {
        into.setNull(i);
      } else {
        ((BytesVector) into).set(i, text, 0, lengths[first + i]);
      }
    }
  }

  @Override
  public long sizeBytes() {
    return texts.length * 24L + textBytes;
  }

  @Override
  public void clear() {
    Arrays.fill(texts, null);
    Arrays.fill(lengths, 0);
    textBytes = 0;
  }
}
