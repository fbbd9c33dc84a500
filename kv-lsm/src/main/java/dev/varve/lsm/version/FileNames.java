// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

/** How the files of a store are called. */
public final class FileNames {
  /** Says that the directory is a store, and which. */
  public static final String IDENTITY = "IDENTITY";

  /** Locked by the process that writes. */
  public static final String LOCK = "LOCK";

  /** The state of the tables. */
  public static final String MANIFEST = "MANIFEST";

  /** Ends the name of a file that is being written and will be renamed. */
  public static final String TEMPORARY = ".tmp";

  private static final String TABLE = ".sst";

  private FileNames() {}

  /** The name of table {@code number}. */
  public static String table(long number) {
    return String.format(java.util.Locale.ROOT, "%06d%s", number, TABLE);
  }

  /** The number of a table by its name, or -1 when it is none. */
  public static long tableNumber(String name) {
    if (!name.endsWith(TABLE)) {
      return -1;
    }
    String digits = name.substring(0, name.length() - TABLE.length());
    if (digits.isEmpty() || digits.length() > 18) {
      return -1;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(digits);
  }
}
