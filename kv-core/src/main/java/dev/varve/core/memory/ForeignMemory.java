// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.memory;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import org.jspecify.annotations.Nullable;

/**
 * {@code java.lang.foreign} of Java 22 and later, reached by method handles so that the code runs on
 * Java 17. Only calls that need no permission from the user are used: nothing is printed and no flag
 * is wanted.
 */
final class ForeignMemory {
  private static final int FIRST_FINAL_RELEASE = 22;
  private static final long ALIGNMENT_BYTES = 64;

  private final MethodHandle openArena;
  private final MethodHandle closeArena;
  private final MethodHandle allocate;
  private final MethodHandle map;
  private final MethodHandle asByteBuffer;

  private ForeignMemory() throws ReflectiveOperationException {
    Class<?> arena = Class.forName("java.lang.foreign.Arena");
    Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    openArena =
        lookup
            .findStatic(arena, "ofShared", MethodType.methodType(arena))
            .asType(MethodType.methodType(Object.class));
    closeArena =
        lookup
            .findVirtual(arena, "close", MethodType.methodType(void.class))
            .asType(MethodType.methodType(void.class, Object.class));
    allocate =
        lookup
            .findVirtual(arena, "allocate", MethodType.methodType(segment, long.class, long.class))
            .asType(MethodType.methodType(Object.class, Object.class, long.class, long.class));
    map =
        lookup
            .findVirtual(
                FileChannel.class,
                "map",
                MethodType.methodType(segment, MapMode.class, long.class, long.class, arena))
            .asType(
                MethodType.methodType(
                    Object.class,
                    FileChannel.class,
                    MapMode.class,
                    long.class,
                    long.class,
                    Object.class));
    asByteBuffer =
        lookup
            .findVirtual(segment, "asByteBuffer", MethodType.methodType(ByteBuffer.class))
            .asType(MethodType.methodType(ByteBuffer.class, Object.class));
  }

  /** What this JVM offers, or null before Java 22. */
  static @Nullable ForeignMemory find() {
    if (Runtime.version().feature() < FIRST_FINAL_RELEASE) {
      return null;
    }
    try {
      return new ForeignMemory();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A new arena that any thread may use and close. */
  Object openArena() {
    try {
      return (Object) openArena.invokeExact();
    } catch (Throwable t) {
      throw unchecked(t);
    }
  }

  /** Frees or unmaps all that belongs to {@code arena}. */
  void closeArena(Object arena) {
    try {
      closeArena.invokeExact(arena);
    } catch (Throwable t) {
      throw unchecked(t);
    }
  }

  /** Zeroed memory that lives as long as {@code arena}. */
  ByteBuffer allocate(Object arena, long sizeBytes) {
    try {
      Object segment = (Object) allocate.invokeExact(arena, sizeBytes, ALIGNMENT_BYTES);
      return (ByteBuffer) asByteBuffer.invokeExact(segment);
    } catch (Throwable t) {
      throw unchecked(t);
    }
  }

  /** The first bytes of a file, mapped as long as {@code arena} lives. */
  ByteBuffer map(Object arena, FileChannel channel, MapMode mode, long sizeBytes)
      throws IOException {
    try {
      Object segment = (Object) map.invokeExact(channel, mode, 0L, sizeBytes, arena);
      return (ByteBuffer) asByteBuffer.invokeExact(segment);
    } catch (IOException e) {
      throw e;
    } catch (Throwable t) {
      throw unchecked(t);
    }
  }

  private static RuntimeException unchecked(Throwable t) {
    if (t instanceof Error error) {
      throw error;
    }
    return t instanceof RuntimeException runtime ? runtime : new IllegalStateException(t);
  }
}
