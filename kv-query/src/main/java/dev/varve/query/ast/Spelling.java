// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import dev.varve.VarveException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the known name that a mistyped one was probably meant to be. */
public final class Spelling {
  private static final int LONGEST_CHARS = 64;

  private Spelling() {}

  /** Adds the hint "Did you mean .." to {@code error} if a candidate is near {@code name}. */
  public static VarveException.Builder suggest(
      VarveException.Builder error, String name, Iterable<String> candidates) {
    String near = nearest(name, candidates);
    return near == null ? error : error.hint("Did you mean \"" + near + "\"?");
  }

  /** The candidate nearest to {@code name}, or null if none is near enough. */
  public static @Nullable String nearest(String name, Iterable<String> candidates) {
    if (name.length() > LONGEST_CHARS) {
      return null;
    }
    String wanted = name.toLowerCase(Locale.ROOT);
    int limit = wanted.length() <= 2 ? 1 : wanted.length() <= 5 ? 2 : 3;
    int best = limit;
    String nearest = null;
    for (String candidate : candidates) {
      if (Math.abs(candidate.length() - wanted.length()) <= best) {
        int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
        boolean fitsBetter =
            nearest != null
                && distance == best
                && candidate.length() == wanted.length()
                && nearest.length() != wanted.length();
        if (distance < best || fitsBetter) {
          best = distance;
          nearest = candidate;
        }
      }
    }
    return nearest;
  }

  /** Insertions, deletions, replacements and swaps of neighbours that lead from one to the other. */
  static int distance(String from, String to) {
    int[] beforeLast = new int[to.length() + 1];
    int[] last = new int[to.length() + 1];
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[to.length()];
  }
}
