// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.query.type.SqlType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a definition as {@link CatalogFormat} says. */
final class DefinitionOutput {
  private byte[] bytes = new byte[256];
  private int length;

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  void writeByte(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
  }

  void writeBoolean(boolean value) {
    writeByte(value ? 1 : 0);
  }

  void writeLong(long value) {
    ensure(Long.BYTES);
    ByteBuffer.wrap(bytes).putLong(length, value);
    length += Long.BYTES;
  }

  void writeText(@Nullable String text) {
    if (text == null) {
      writeLong(-1);
      return;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    writeLong(utf8.length);
    ensure(utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
  }

  void writeEnum(Enum<?> value) {
    writeText(value.name());
  }

  void writeType(SqlType type) {
    writeEnum(type.kind());
    writeLong(type.size());
    writeLong(type.scale());
  }

  <T> void writeList(List<T> list, Consumer<T> element) {
    writeLong(list.size());
    list.forEach(element);
  }

  void writeInts(List<Integer> list) {
    writeList(list, this::writeLong);
  }

  private void writeLong(Integer value) {
    writeLong(value.longValue());
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
