// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.iterator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Versions from a sorted list. */
final class ListedVersions extends VersionIterator {
  /** One version; its value says which source it is from. */
  record Listed(String key, long trailer, String value) {
    static final Comparator<Listed> ORDER =
        Comparator.comparing(Listed::key).thenComparing(Listed::trailer, Comparator.reverseOrder());
  }

  private final List<Listed> versions;
  private int at = -1;

  ListedVersions(List<Listed> versions) {
    super(ByteBuffer.allocate(0));
    this.versions = versions.stream().sorted(Listed.ORDER).toList();
  }

  @Override
  public void seekToFirst() {
    show(0);
  }

  @Override
  public void seekToLast() {
    show(versions.size() - 1);
  }

  @Override
  public void seek(byte[] array, int offset, int bytes, long atTrailer) {
    show(firstAtOrAfter(array, offset, bytes, atTrailer));
  }

  @Override
  public void seekBefore(byte[] array, int offset, int bytes, long atTrailer) {
    show(firstAtOrAfter(array, offset, bytes, atTrailer) - 1);
  }

  @Override
  public void next() {
    show(at + 1);
  }

  @Override
  public void previous() {
    show(at - 1);
  }

  @Override
  public void close() {
    valid = false;
  }

  private int firstAtOrAfter(byte[] array, int offset, int bytes, long atTrailer) {
    String wanted =
        new String(Arrays.copyOfRange(array, offset, offset + bytes), StandardCharsets.US_ASCII);
    int index = 0;
    while (index < versions.size()
        && Listed.ORDER.compare(versions.get(index), new Listed(wanted, atTrailer, "")) < 0) {
      index++;
    }
    return index;
  }

  private void show(int index) {
    at = index;
    valid = index >= 0 && index < versions.size();
    if (valid) {
      Listed version = versions.get(index);
      byte[] bytes = (version.key + version.value).getBytes(StandardCharsets.US_ASCII);
      key = ByteBuffer.wrap(bytes);
      keyOffset = 0;
      keyBytes = version.key.length();
      trailer = version.trailer;
      value = key;
      valueOffset = keyBytes;
      valueBytes = version.value.length();
    }
  }
}
