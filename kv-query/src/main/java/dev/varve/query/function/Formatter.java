// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TextInput;

/** The function format(): {@code %[position$][-][width]type} with the types s, I and L. */
final class Formatter {
  private final Cells cells;
  private final String format;
  private final StringBuilder result = new StringBuilder();
  private int at;
  private int next = 1;

  private Formatter(Cells cells) {
    this.cells = cells;
    this.format = cells.text(0);
  }

  static void format(Cells cells) {
    if (cells.isNull(0)) {
      cells.setNull();
      return;
    }
    Formatter formatter = new Formatter(cells);
    formatter.run();
    cells.set(formatter.result.toString());
  }

  private void run() {
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c != '%') {
        result.append(c);
      } else if (current() == '%') {
        result.append('%');
        at++;
      } else {
        specifier();
      }
    }
  }

  private char current() {
    if (at >= format.length()) {
      throw invalid("The format specifier is unterminated.");
    }
    return format.charAt(at);
  }

  private void specifier() {
    int argument = -1;
    int mark = at;
    if (Character.isDigit(current())) {
      int number = number();
      if (current() == '$') {
        at++;
        argument = number;
        if (argument == 0) {
          throw invalid("The format specifies argument 0, but arguments are numbered from 1.");
        }
      } else {
        at = mark;
      }
    }
    boolean left = false;
    while (current() == '-') {
      left = true;
      at++;
    }
    int width = width();
    if (width < 0) {
      left = true;
      width = -width;
    }
    char type = current();
    at++;
    if (type != 's' && type != 'I' && type != 'L') {
      throw invalid("Unrecognized format() type specifier \"" + type + "\".");
    }
    if (argument < 0) {
      argument = next;
    }
    next = argument + 1;
    append(pick(argument), type, left, width);
  }

  private int width() {
    if (current() != '*') {
      return Character.isDigit(current()) ? number() : 0;
    }
    at++;
    int argument = next;
    if (Character.isDigit(current())) {
      argument = number();
      if (current() != '$') {
        throw invalid("The width argument position must be ended by \"$\".");
      }
      at++;
    }
    next = argument + 1;
    int index = pick(argument);
    Object datum = cells.datum(index);
    return datum == null
        ? 0
        : (Integer) TextInput.parse(datum.toString(), SqlType.INTEGER, cells.context().zone(), 0);
  }

  private int number() {
    long value = 0;
    while (Character.isDigit(current())) {
      value = value * 10 + (current() - '0');
      if (value > Integer.MAX_VALUE) {
        throw ErrorCode.NUMERIC_OUT_OF_RANGE.error("The number is out of range.").build();
      }
      at++;
    }
    return (int) value;
  }

  private int pick(int argument) {
    if (argument >= cells.count()) {
      throw invalid("There are too few arguments for format().");
    }
    return argument;
  }

  private void append(int argument, char type, boolean left, int width) {
    StringBuilder text = new StringBuilder();
    TextFunctions.append(text, cells, argument);
    String value = text.toString();
    if (type == 'I') {
      if (cells.isNull(argument)) {
        throw ErrorCode.NULL_NOT_ALLOWED
            .error("Null values cannot be formatted as an SQL identifier.")
            .build();
      }
      value = TextFunctions.quoteIdentifier(value);
    } else if (type == 'L') {
      value = cells.isNull(argument) ? "NULL" : TextFunctions.quoteLiteral(value);
    }
    int missing = width - value.codePointCount(0, value.length());
    CharacterFunctions.checkedLength(width);
    String padding = missing > 0 ? " ".repeat(missing) : "";
    result.append(left ? value + padding : padding + value);
  }

  private static VarveException invalid(String sentence) {
    return ErrorCode.INVALID_ARGUMENT
        .error(sentence)
        .hint("For a single \"%\" use \"%%\".")
        .build();
  }
}
