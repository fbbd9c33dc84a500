// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;

class Lz4DecompressorTest {
  private static byte[] content(RandomGenerator random) {
    byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 60 : 9_000)];
    int alphabet = 1 + random.nextInt(random.nextBoolean() ? 3 : 256);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextInt(alphabet);
    }
    for (int i = 0; i < 20 && bytes.length > 10; i++) {
      int from = random.nextInt(bytes.length);
      int to = random.nextInt(bytes.length);
      int length = random.nextInt(1 + bytes.length - Math.max(from, to));
      System.arraycopy(bytes, from, bytes, to, length);
    }
    return bytes;
  }

  private static byte[] compressed(byte[] content) {
    LZ4Compressor compressor = LZ4Factory.safeInstance().fastCompressor();
    byte[] into = new byte[compressor.maxCompressedLength(content.length) + 3];
    int bytes = compressor.compress(content, 0, content.length, into, 3);
    return Arrays.copyOfRange(into, 3, 3 + bytes);
  }

  @Test
  void restoresWhatWasCompressed() {
    Seed.run(
        (seed, random) -> {
          for (int i = 0; i < 3_000; i++) {
            byte[] content = content(random);
            byte[] packed = compressed(content);
            for (boolean direct : new boolean[] {true, false}) {
              ByteBuffer from = buffer(direct, packed.length + 11);
              from.put(11, packed);
              ByteBuffer to = buffer(!direct, content.length + 13);
              assertTrue(
                  Lz4Decompressor.decompress(from, 11, packed.length, to, 13, content.length));
              byte[] restored = new byte[content.length];
              to.get(13, restored);
              assertArrayEquals(content, restored);
            }
          }
        });
  }

  private static ByteBuffer buffer(boolean direct, int bytes) {
    return direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
  }

  @Test
  void stopsAtAnythingThatIsNoBlockAndWritesNothingBeyondItsTarget() {
    Seed.run(
        (seed, random) -> {
          for (int i = 0; i < 20_000; i++) {
            byte[] content = content(random);
            byte[] packed = compressed(content);
            for (int flips = 1 + random.nextInt(4); flips > 0 && packed.length > 0; flips--) {
              packed[random.nextInt(packed.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(packed.length + 1);
            ByteBuffer to = ByteBuffer.allocate(content.length + 32);
            Arrays.fill(to.array(), (byte) 0x5a);
            Lz4Decompressor.decompress(ByteBuffer.wrap(packed), 0, length, to, 16, content.length);
            for (int b = 0; b < 16; b++) {
              assertEquals(0x5a, to.get(b));
              assertEquals(0x5a, to.get(16 + content.length + b));
            }
          }
        });
  }

  @Test
  void aWrongLengthIsNoticed() {
    byte[] content = content(Seed.random(1));
    byte[] packed = compressed(content);
    ByteBuffer to = ByteBuffer.allocate(content.length + 10);
    ByteBuffer from = ByteBuffer.wrap(packed);
    assertFalse(Lz4Decompressor.decompress(from, 0, packed.length, to, 0, content.length + 1));
    assertFalse(Lz4Decompressor.decompress(from, 0, packed.length, to, 0, content.length - 1));
    assertFalse(Lz4Decompressor.decompress(from, 0, packed.length - 1, to, 0, content.length));
    assertFalse(Lz4Decompressor.decompress(from, 0, 0, to, 0, 0));
  }
}
