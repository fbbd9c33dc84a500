// SPDX-License-Identifier: Apache-2.0
package dev.varve.database.backup;

import dev.varve.BackupInfo;
import dev.varve.ErrorCode;
import dev.varve.VarveException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What one backup consists of. It is a text file of UTF-8 lines:
 *
 * <pre>
 * varve-backup 1
 * id NUMBER
 * created MILLISECONDS-SINCE-1970
 * timestamp NEWEST-COMMIT
 * copied BYTES
 * file CRC32C-HEX BYTES POOL-NAME NAME        one line for each file of the database
 * end CRC32C-HEX                              of all lines before it
 * </pre>
 *
 * A backup exists exactly when its manifest does; the manifest is renamed into place last.
 */
record BackupManifest(
    long id, long createdMillis, long timestamp, long copiedBytes, List<Entry> files) {
  private static final String HEADER = "varve-backup 1";

  /**
   * One file.
   *
   * @param crc32c of all its bytes
   * @param sizeBytes its length
   * @param poolName its name among the files that backups share
   * @param name its name in the database, relative to the directory
   */
  record Entry(int crc32c, long sizeBytes, String poolName, String name) {}

  BackupInfo info() {
    return new BackupInfo(
        id,
        Instant.ofEpochMilli(createdMillis),
        timestamp,
        files.size(),
        totalBytes(),
        copiedBytes);
  }

  long totalBytes() {
    return files.stream().mapToLong(Entry::sizeBytes).sum();
  }

  byte[] encode() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    text.append("id ").append(id).append('\n');
    text.append("created ").append(createdMillis).append('\n');
    text.append("timestamp ").append(timestamp).append('\n');
    text.append("copied ").append(copiedBytes).append('\n');
    for (Entry entry : files) {
      text.append("file ").append(String.format("%08x", entry.crc32c)).append(' ');
      text.append(entry.sizeBytes).append(' ').append(entry.poolName).append(' ');
      text.append(entry.name).append('\n');
    }
    int checksum = checksum(text.toString());
    text.append("end ").append(String.format("%08x", checksum)).append('\n');
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @param source names the file in errors
   */
  static BackupManifest decode(byte[] bytes, String source) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.lastIndexOf("end ");
    if (!text.startsWith(HEADER + "\n") || end < 0) {
      throw damaged(source, "it is not a backup manifest of a known version");
    }
    try {
      String[] lines = text.substring(0, end).split("\n");
      List<Entry> files = new ArrayList<>();
      for (int i = 5; i < lines.length; i++) {
        String[] parts = lines[i].split(" ", 5);
        files.add(
            new Entry(
                Integer.parseUnsignedInt(parts[1], 16),
                Long.parseLong(parts[2]),
                parts[3],
                parts[4]));
      }
      BackupManifest manifest =
          new BackupManifest(
              number(lines[1]), number(lines[2]), number(lines[3]), number(lines[4]), files);
      if (!Arrays.equals(manifest.encode(), bytes)) {
        throw damaged(source, "its checksum does not match");
      }
      return manifest;
    } catch (NumberFormatException | IndexOutOfBoundsException malformed) {
      throw damaged(source, "a line is malformed");
    }
  }

  private static long number(String line) {
    return Long.parseLong(line.substring(line.indexOf(' ') + 1));
  }

  private static int checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  private static VarveException damaged(String source, String why) {
    return ErrorCode.CORRUPTION
        .error("A backup manifest cannot be read: " + why + ".")
        .fact("file", source)
        .hint("Other backups in the directory are not affected.")
        .build();
  }
}
