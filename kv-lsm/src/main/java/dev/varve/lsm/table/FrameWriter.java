// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import dev.varve.core.file.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Appends frames to a file, many small ones at a time. One thread. */
final class FrameWriter {
  private static final int STAGING_BYTES = 128 << 10;
  private static final int LARGE_BYTES = 64 << 10;

  private final WritableFile file;
  private final byte[] staging = new byte[STAGING_BYTES];
  private final ByteBuffer view = ByteBuffer.wrap(staging);
  private final byte[] header = new byte[FrameFormat.HEADER_BYTES];
  private final ByteBuffer headerView = ByteBuffer.wrap(header);
  private final CRC32C crc = new CRC32C();
  private long position;
  private int staged;

  FrameWriter(WritableFile file) {
    this.file = file;
  }

  /** Bytes appended so far. */
  long position() {
    return position;
  }

  /** Appends a frame; returns where its payload begins. */
  int append(int type, int compression, byte[] payload, int bytes, int rawBytes)
      throws IOException {
    int at = begin(compression, bytes);
    FrameFormat.write(headerView, 0, type, compression, bytes, rawBytes);
    crc.update(header, 4, FrameFormat.HEADER_BYTES - 4);
    crc.update(payload, 0, bytes);
    sealHeader();
    append(payload, 0, bytes);
    return at;
  }

  /** Appends a frame of {@code front}, {@code middle} and {@code zeros}; the middle is not copied. */
  int appendAround(
      int type, byte[] front, int frontBytes, ByteBuffer middle, int at, int bytes, int zeros)
      throws IOException {
    int whole = Math.addExact(Math.addExact(frontBytes, bytes), zeros);
    int payload = begin(FrameFormat.STORED, whole);
    FrameFormat.write(headerView, 0, type, FrameFormat.STORED, whole, whole);
    crc.update(header, 4, FrameFormat.HEADER_BYTES - 4);
    crc.update(front, 0, frontBytes);
    ByteBuffer slice = middle.slice(at, bytes);
    crc.update(slice);
    crc.update(new byte[zeros], 0, zeros);
    sealHeader();
    append(front, 0, frontBytes);
    flush();
    slice.clear();
    file.append(slice);
    position += bytes;
    pad(zeros);
    return payload;
  }

  private int begin(int compression, int bytes) throws IOException {
    long payload = FrameFormat.payload(position, compression, bytes);
    pad((int) (payload - FrameFormat.HEADER_BYTES - position));
    return Math.toIntExact(payload);
  }

  private void sealHeader() throws IOException {
    Bytes.setIntLE(headerView, 0, (int) crc.getValue());
    crc.reset();
    append(header, 0, header.length);
  }

  /** Appends zeros. */
  void pad(int bytes) throws IOException {
    assert bytes >= 0 && bytes < FrameFormat.PAGE_BYTES : bytes;
    if (bytes > STAGING_BYTES - staged) {
      flush();
    }
    Arrays.fill(staging, staged, staged + bytes, (byte) 0);
    staged += bytes;
    position += bytes;
  }

  /** Appends bytes that are no frame. */
  void append(byte[] bytes, int at, int length) throws IOException {
    if (length > STAGING_BYTES - staged) {
      flush();
    }
    if (length >= LARGE_BYTES) {
      flush();
      file.append(ByteBuffer.wrap(bytes, at, length));
    } else {
      System.arraycopy(bytes, at, staging, staged, length);
      staged += length;
    }
    position += length;
  }

  /** Hands everything to the file. */
  void flush() throws IOException {
    if (staged > 0) {
      view.position(0).limit(staged);
      staged = 0;
      file.append(view);
    }
  }
}
