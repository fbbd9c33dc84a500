// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compress;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/**
 * Compresses blocks with the LZ4 library. The library's native form is used only where loading it
 * prints no warning, its {@code Unsafe} form never. Thread-safe.
 */
public final class Lz4Compressor {
  /** Loading a native library warns from this version of Java on, unless it was allowed. */
  private static final int WARNING_VERSION = 24;

  private final LZ4Compressor compressor = Holder.FACTORY.fastCompressor();

  /** Loads the library at the first call. */
  public Lz4Compressor() {}

  /** Bytes that {@code bytes} bytes may grow to. */
  public int maxBytes(int bytes) {
    return compressor.maxCompressedLength(bytes);
  }

  /**
   * Compresses {@code bytes} bytes at {@code at} into {@code into}, which has room for {@link
   * #maxBytes}; returns how many it filled.
   */
  public int compress(byte[] from, int at, int bytes, byte[] into, int intoAt) {
    return compressor.compress(from, at, bytes, into, intoAt);
  }

  /** Put off until something is compressed. */
  private static final class Holder {
    static final LZ4Factory FACTORY = choose();

    private static LZ4Factory choose() {
      if (isNativeSilent()) {
        try {
          return LZ4Factory.nativeInstance();
        } catch (LinkageError | RuntimeException noNativeLibrary) {
          return LZ4Factory.safeInstance();
        }
      }
      return LZ4Factory.safeInstance();
    }

    /** Whether the user's JVM loads native libraries for the module without a warning. */
    private static boolean isNativeSilent() {
      if (Runtime.version().feature() < WARNING_VERSION) {
        return true;
      }
      try {
        return (boolean)
            Module.class.getMethod("isNativeAccessEnabled").invoke(LZ4Factory.class.getModule());
      } catch (ReflectiveOperationException unknown) {
        return false;
      }
    }
  }
}
