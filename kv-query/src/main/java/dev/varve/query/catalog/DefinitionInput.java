// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a definition as {@link CatalogFormat} says. */
final class DefinitionInput {
  private final byte[] key;
  private final ByteBuffer bytes;

  DefinitionInput(byte[] key, byte[] value) {
    this.key = key;
    this.bytes = ByteBuffer.wrap(value);
  }

  /** What {@code reader} makes of the bytes. */
  <T> T read(Supplier<T> reader) {
    try {
      T value = reader.get();
      if (bytes.hasRemaining()) {
        throw corrupt(null);
      }
      return value;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw corrupt(e);
    }
  }

  VarveException corrupt(@Nullable Exception cause) {
    return ErrorCode.CORRUPTION
        .error("A definition in the catalog cannot be read.")
        .fact("key", key)
        .fact("offset", bytes.position())
        .cause(cause)
        .build();
  }

  int readByte() {
    return bytes.get();
  }

  boolean readBoolean() {
    return bytes.get() != 0;
  }

  long readLong() {
    return bytes.getLong();
  }

  int readInt() {
    return (int) bytes.getLong();
  }

  @Nullable String readTextOrNull() {
    long length = bytes.getLong();
    if (length < 0) {
      return null;
    }
    if (length > bytes.remaining()) {
      throw corrupt(null);
    }
    byte[] utf8 = new byte[(int) length];
    bytes.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  String readText() {
    return Objects.requireNonNullElse(readTextOrNull(), "");
  }

  <E extends Enum<E>> E readEnum(Class<E> type) {
    return Enum.valueOf(type, readText());
  }

  SqlType readType() {
    TypeKind kind = readEnum(TypeKind.class);
    int size = readInt();
    return new SqlType(kind, size, readInt());
  }

  <T> List<T> readList(Supplier<T> element) {
    long count = bytes.getLong();
    if (count < 0 || count > bytes.remaining()) {
      throw corrupt(null);
    }
    List<T> list = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      list.add(element.get());
    }
    return List.copyOf(list);
  }

  List<Integer> readInts() {
    return readList(this::readInt);
  }
}
