// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.query.type.NumericSpecial;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** to_char and to_number for numbers. */
final class NumberFormat {
  private static final String[] ONES = {"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"};
  private static final String[] TENS = {"", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"};
  private static final String[] HUNDREDS = {
    "", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"
  };

  private final NumberPattern pattern;
  private final StringBuilder text = new StringBuilder();

  private NumberFormat(NumberPattern pattern) {
    this.pattern = pattern;
  }

  /** A number, or one of the values that are none, by a template. */
  static String format(
      @Nullable BigDecimal value, @Nullable NumericSpecial special, NumberPattern pattern) {
    NumberFormat format = new NumberFormat(pattern);
    if (pattern.roman) {
      return format.roman(value);
    }
    if (pattern.scientific) {
      return format.scientific(value);
    }
    return value == null ? format.special(special) : format.number(value);
  }

  private String roman(@Nullable BigDecimal value) {
    int number = value == null ? 0 : value.setScale(0, RoundingMode.HALF_UP).intValue();
    if (number < 1 || number > 3999) {
      return "###############";
    }
    String digits =
        "M".repeat(number / 1000)
            + HUNDREDS[number / 100 % 10]
            + TENS[number / 10 % 10]
            + ONES[number % 10];
    return pattern.fillMode ? digits : " ".repeat(15 - digits.length()) + digits;
  }

  private String scientific(@Nullable BigDecimal value) {
    if (value == null) {
      return " " + "#".repeat(pattern.integerDigits) + "." + "#".repeat(pattern.fractionDigits + 4);
    }
    int exponent = value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
    BigDecimal mantissa =
        value.movePointLeft(exponent).setScale(pattern.fractionDigits, RoundingMode.HALF_UP);
    if (mantissa.abs().compareTo(BigDecimal.TEN) >= 0) {
      exponent++;
      mantissa =
          value.movePointLeft(exponent).setScale(pattern.fractionDigits, RoundingMode.HALF_UP);
    }
    String sign = value.signum() < 0 ? "" : " ";
    return sign
        + mantissa.toPlainString()
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  private String special(@Nullable NumericSpecial special) {
    String name = special == null ? "NaN" : special.toString();
    boolean negative = name.startsWith("-");
    String word = negative ? name.substring(1) : name;
    int width = pattern.integerDigits;
    if (word.length() <= width) {
      if (pattern.minusLeading && !pattern.fillMode) {
        return (negative ? "-" : " ") + " ".repeat(width - word.length()) + word;
      }
      String shown = (negative ? "-" : " ") + word;
      return pattern.fillMode ? shown.strip() : " ".repeat(width - word.length()) + shown;
    }
    return number(null, true, negative);
  }

  private String number(BigDecimal value) {
    BigDecimal shifted = value.movePointRight(pattern.shift);
    BigDecimal rounded = shifted.setScale(pattern.fractionDigits, RoundingMode.HALF_UP);
    boolean overflow =
        rounded.precision() - rounded.scale() > pattern.integerDigits && !isBelowOne(rounded);
    return number(rounded, overflow, value.signum() < 0 && rounded.signum() <= 0);
  }

  private static boolean isBelowOne(BigDecimal value) {
    return value.abs().compareTo(BigDecimal.ONE) < 0;
  }

  /** Fills the picture with the digits, or with # when there is no room for them. */
  private String number(@Nullable BigDecimal rounded, boolean overflow, boolean negative) {
    String plain = rounded == null ? "" : rounded.abs().toPlainString();
    int point = plain.indexOf('.');
    String whole = point < 0 ? plain : plain.substring(0, point);
    String fraction = point < 0 ? "" : plain.substring(point + 1);
    boolean isZeroWhole = whole.equals("0") || whole.isEmpty();
    String digits = isZeroWhole ? "" : whole;
    int blanks = Math.max(0, pattern.integerDigits - digits.length());
    int firstShown = pattern.zerosFrom >= 0 ? Math.min(blanks, pattern.zerosFrom) : blanks;
    boolean noFraction = pattern.fractionDigits == 0;
    if (isZeroWhole && noFraction && firstShown == pattern.integerDigits && firstShown > 0) {
      firstShown--;
    }
    int lastFraction = lastFraction(fraction);
    if (pattern.fillMode
        && isZeroWhole
        && !noFraction
        && lastFraction == 0
        && firstShown == pattern.integerDigits
        && firstShown > 0) {
      firstShown--;
    }
    return fill(new Digits(digits, blanks, firstShown, fraction, lastFraction, overflow), negative);
  }

  /** With FM, zeros at the end of the fraction are not shown where the template has a 9. */
  private int lastFraction(String fraction) {
    if (!pattern.fillMode) {
      return pattern.fractionDigits;
    }
    int last = fraction.length();
    while (last > 0 && fraction.charAt(last - 1) == '0') {
      last--;
    }
    int index = 0;
    boolean afterPoint = false;
    for (int i = 0; i < pattern.picture.length(); i++) {
      char c = pattern.picture.charAt(i);
      if (c == '\'') {
        i++;
      } else if (c == '.') {
        afterPoint = true;
      } else if (afterPoint && (c == '9' || c == '0')) {
        index++;
        if (c == '0') {
          last = Math.max(last, index);
        }
      }
    }
    return last;
  }

  /** The digits to be shown, and from where to where. */
  private record Digits(
      String whole,
      int blanks,
      int firstShown,
      String fraction,
      int lastFraction,
      boolean overflow) {}

  private String fill(Digits digits, boolean negative) {
    boolean signDone =
        pattern.signTrailing
            || pattern.minusTrailing
            || pattern.minusLeading
            || pattern.signInPlace;
    int index = 0;
    int fractionIndex = 0;
    boolean afterPoint = false;
    String picture = pattern.picture;
    for (int i = 0; i < picture.length(); i++) {
      char c = picture.charAt(i);
      boolean started = index >= digits.firstShown() || afterPoint;
      switch (c) {
        case '\'' -> text.append(picture.charAt(++i));
        case '9', '0' -> {
          if (afterPoint) {
            fractionDigit(digits, fractionIndex++);
          } else {
            if (!signDone && index == digits.firstShown()) {
              sign(negative);
              signDone = true;
            }
            wholeDigit(digits, index++);
          }
        }
        case '.' -> {
          if (!signDone) {
            sign(negative);
            signDone = true;
          }
          afterPoint = true;
          if (!pattern.fillMode || pattern.fractionDigits > 0) {
            text.append('.');
          }
        }
        case ',' -> {
          boolean isShown =
              afterPoint
                  ? !pattern.fillMode || fractionIndex < digits.lastFraction()
                  : started && index > digits.firstShown();
          if (isShown || digits.overflow()) {
            text.append(',');
          } else if (!pattern.fillMode) {
            text.append(' ');
          }
        }
        case 'M' -> {
          if (negative) {
            text.append('-');
          } else if (!pattern.fillMode) {
            text.append(' ');
          }
        }
        case 'P' -> {
          if (!negative) {
            text.append('+');
          } else if (!pattern.fillMode) {
            text.append(' ');
          }
        }
        case 'G' -> text.append(negative ? '-' : '+');
        case 'L' -> text.append(pattern.fillMode ? "" : " ");
        case 'T', 't' -> ordinal(digits, negative, c == 'T');
        default -> text.append(c);
      }
    }
    if (!signDone && pattern.integerDigits + pattern.fractionDigits > 0) {
      sign(negative);
    }
    return finished(negative);
  }

  private void wholeDigit(Digits digits, int index) {
    if (digits.overflow()) {
      text.append('#');
    } else if (index >= digits.blanks()) {
      text.append(digits.whole().charAt(index - digits.blanks()));
    } else if (index >= digits.firstShown()) {
      text.append('0');
    } else if (!pattern.fillMode) {
      text.append(' ');
    }
  }

  private void fractionDigit(Digits digits, int index) {
    if (digits.overflow()) {
      text.append('#');
    } else if (index < digits.lastFraction()) {
      text.append(digits.fraction().charAt(index));
    }
  }

  private void sign(boolean negative) {
    if (pattern.signLeading) {
      text.append(negative ? '-' : '+');
    } else if (pattern.brackets) {
      if (negative) {
        text.append('<');
      } else if (!pattern.fillMode) {
        text.append(' ');
      }
    } else if (negative) {
      text.append('-');
    } else if (!pattern.fillMode) {
      text.append(' ');
    }
  }

  private String finished(boolean negative) {
    if (pattern.brackets) {
      text.append(negative ? ">" : pattern.fillMode ? "" : " ");
    }
    if (pattern.signTrailing) {
      text.append(negative ? '-' : '+');
    }
    return text.toString();
  }

  private void ordinal(Digits digits, boolean negative, boolean upper) {
    if (negative || pattern.fractionDigits > 0) {
      return;
    }
    String whole = digits.whole().isEmpty() ? "0" : digits.whole();
    char last = whole.charAt(whole.length() - 1);
    boolean teen = whole.length() > 1 && whole.charAt(whole.length() - 2) == '1';
    String suffix =
        teen ? "th" : last == '1' ? "st" : last == '2' ? "nd" : last == '3' ? "rd" : "th";
    text.append(upper ? suffix.toUpperCase(Locale.ROOT) : suffix);
  }

  /** Reads a number by a template. */
  static BigDecimal parse(String input, NumberPattern pattern) {
    StringBuilder digits = new StringBuilder();
    boolean negative = input.indexOf('-') >= 0 || pattern.brackets && input.indexOf('<') >= 0;
    String picture = pattern.picture;
    int at = 0;
    int i = 0;
    while (at < input.length() && isLead(input.charAt(at))) {
      at++;
    }
    boolean point = false;
    for (; i < picture.length() && at < input.length(); i++) {
      char c = picture.charAt(i);
      while (at < input.length()
          && (input.charAt(at) == ' ' || isSign(input.charAt(at)))
          && c != '\'') {
        at++;
      }
      if (at >= input.length()) {
        break;
      }
      char found = input.charAt(at);
      switch (c) {
        case '9', '0' -> {
          if (Character.isDigit(found)) {
            digits.append(found);
            at++;
          } else if (found == '.' && !point && pattern.hasPoint) {
            digits.append('.');
            point = true;
            at++;
            i = picture.indexOf('.', i);
            if (i < 0) {
              i = picture.length();
            }
          } else if (found == ',') {
            at++;
            i--;
          }
        }
        case '.' -> {
          if (found == '.') {
            digits.append('.');
            point = true;
            at++;
          }
        }
        case ',' -> {
          if (found == ',') {
            at++;
          }
        }
        case '\'' -> {
          i++;
          at++;
        }
        case 'L' -> {
          if (!Character.isDigit(found)) {
            at++;
          }
        }
        case 'T', 't' -> at += 2;
        default -> {}
      }
    }
    return finished(digits, negative, pattern, input);
  }

  private static BigDecimal finished(
      StringBuilder digits, boolean negative, NumberPattern pattern, String input) {
    String number = digits.toString();
    if (number.endsWith(".")) {
      number = number.substring(0, number.length() - 1);
    }
    if (number.isEmpty() || number.equals(".")) {
      throw ErrorCode.INVALID_TEXT_REPRESENTATION
          .error("Invalid input syntax for type numeric: \"" + input + "\".")
          .build();
    }
    BigDecimal value = new BigDecimal(number);
    if (pattern.shift > 0) {
      value = value.movePointLeft(pattern.shift);
    }
    return negative ? value.negate() : value;
  }

  private static boolean isLead(char c) {
    return c == ' ' || c == '<' || isSign(c);
  }

  private static boolean isSign(char c) {
    return c == '-' || c == '+';
  }
}
