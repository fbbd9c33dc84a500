// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import java.util.Locale;

/** A template of to_char and to_number for numbers, taken apart. Immutable. */
final class NumberPattern {
  /** The characters that stand for digits, points and signs, or for themselves. */
  final String picture;

  final int integerDigits;
  final int fractionDigits;
  final int zerosFrom;
  final boolean hasPoint;
  final boolean fillMode;
  final boolean signLeading;
  final boolean signTrailing;
  final boolean minusTrailing;
  final boolean plus;
  final boolean plusTrailing;
  final boolean minusLeading;
  final boolean brackets;
  final boolean roman;
  final boolean scientific;
  final int shift;
  final boolean signInPlace;

  NumberPattern(String template) {
    Parser parser = new Parser(template);
    parser.run();
    this.picture = parser.picture.toString();
    this.integerDigits = parser.integerDigits;
    this.fractionDigits = parser.fractionDigits;
    this.zerosFrom = parser.zerosFrom;
    this.hasPoint = parser.hasPoint;
    this.fillMode = parser.fillMode;
    this.signLeading = parser.signLeading;
    this.signTrailing = parser.signTrailing;
    this.minusTrailing = parser.minusTrailing;
    this.minusLeading = parser.minusLeading;
    this.plus = parser.plus;
    this.plusTrailing = parser.plusTrailing;
    this.brackets = parser.brackets;
    this.roman = parser.roman;
    this.scientific = parser.scientific;
    this.shift = parser.shift;
    this.signInPlace = parser.signInPlace;
  }

  /** Reads a template from left to right. */
  private static final class Parser {
    private final String template;
    private final StringBuilder picture = new StringBuilder();
    private int at;
    private int integerDigits;
    private int fractionDigits;
    private int zerosFrom = -1;
    private boolean hasPoint;
    private boolean fillMode;
    private boolean signLeading;
    private boolean signTrailing;
    private boolean minusTrailing;
    private boolean minusLeading;
    private boolean plus;
    private boolean plusTrailing;
    private boolean brackets;
    private boolean roman;
    private boolean scientific;
    private boolean signInPlace;
    private boolean inShift;
    private int shift;

    Parser(String template) {
      this.template = template;
    }

    private boolean take(String keyword) {
      if (template.regionMatches(true, at, keyword, 0, keyword.length())) {
        at += keyword.length();
        return true;
      }
      return false;
    }

    void run() {
      while (at < template.length()) {
        if (take("FM")) {
          fillMode = true;
        } else if (take("EEEE")) {
          scientific = true;
        } else if (take("MI")) {
          minus();
        } else if (take("PL")) {
          plus();
        } else if (take("SG")) {
          signInPlace = true;
          picture.append('G');
        } else if (take("PR")) {
          brackets = true;
        } else if (take("RN")) {
          roman = true;
        } else if (take("TH")) {
          picture.append(Character.isUpperCase(template.charAt(at - 1)) ? 'T' : 't');
        } else {
          single(template.charAt(at++));
        }
      }
      if (scientific && (signLeading || signTrailing || brackets || fillMode && shift > 0)) {
        throw invalid("\"EEEE\" is incompatible with other formats");
      }
    }

    private void minus() {
      if (integerDigits + fractionDigits > 0) {
        minusTrailing = true;
        picture.append('M');
      } else {
        minusLeading = true;
        picture.append('M');
      }
    }

    private void plus() {
      plus = true;
      plusTrailing = integerDigits + fractionDigits > 0;
      picture.append('P');
    }

    private void single(char c) {
      switch (Character.toUpperCase(c)) {
        case '9' -> digit('9');
        case '0' -> {
          if (zerosFrom < 0 && !hasPoint) {
            zerosFrom = integerDigits;
          }
          digit('0');
        }
        case '.', 'D' -> {
          if (hasPoint) {
            throw invalid("multiple decimal points");
          }
          hasPoint = true;
          picture.append('.');
        }
        case ',', 'G' -> picture.append(',');
        case 'S' -> sign();
        case 'V' -> inShift = true;
        case 'L' -> picture.append('L');
        case 'B', 'C' -> {}
        case '"' -> quoted();
        case '\\' -> {
          if (at < template.length() && template.charAt(at) == '"') {
            literal(template.charAt(at++));
          } else {
            literal('\\');
          }
        }
        default -> literal(c);
      }
    }

    private void quoted() {
      while (at < template.length() && template.charAt(at) != '"') {
        if (template.charAt(at) == '\\' && at + 1 < template.length()) {
          at++;
        }
        literal(template.charAt(at++));
      }
      at++;
    }

    private void literal(char c) {
      picture.append('\'').append(c);
    }

    private void sign() {
      if (signLeading || signTrailing) {
        throw invalid("cannot use \"S\" twice");
      }
      if (brackets || plus || minusLeading || minusTrailing) {
        throw invalid("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together");
      }
      if (integerDigits + fractionDigits > 0) {
        signTrailing = true;
      } else {
        signLeading = true;
      }
    }

    private void digit(char c) {
      if (brackets) {
        throw invalid("\"9\" must be ahead of \"PR\"");
      }
      picture.append(c);
      if (inShift) {
        shift++;
        integerDigits++;
      } else if (hasPoint) {
        fractionDigits++;
      } else {
        integerDigits++;
      }
    }

    private VarveException invalid(String why) {
      return ErrorCode.SYNTAX_ERROR
          .error("Invalid number format: " + why + ".")
          .fact("format", template.toUpperCase(Locale.ROOT))
          .build();
    }
  }
}
