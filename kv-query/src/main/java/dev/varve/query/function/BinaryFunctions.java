// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TextInput;
import dev.varve.query.type.TypeKind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/** Bytes: encodings, single bytes and bits, digests, UUIDs. */
final class BinaryFunctions {
  private static final TypeKind TEXT = TypeKind.TEXT;
  private static final TypeKind BYTEA = TypeKind.BYTEA;
  private static final TypeKind INT = TypeKind.INTEGER;

  private BinaryFunctions() {}

  static void register(Catalog catalog) {
    catalog.row("encode", TEXT, c -> c.set(encode(bytes(c, 0), c.text(1))), BYTEA, TEXT);
    catalog.row("decode", BYTEA, c -> c.set(decode(c.text(0), c.text(1))), TEXT, TEXT);
    catalog.row(
        "convert_from", TEXT, c -> c.set(text(bytes(c, 0), charset(c.text(1)))), BYTEA, TEXT);
    catalog.row(
        "convert_to", BYTEA, c -> c.set(c.text(0).getBytes(charset(c.text(1)))), TEXT, TEXT);
    digests(catalog);
    sending(catalog);
    singleBytes(catalog);
    catalog.unstable(
        "gen_random_uuid",
        TypeKind.UUID,
        c -> {
          UUID uuid = UUID.randomUUID();
          c.setUuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        });
    catalog.row(
        "reverse",
        BYTEA,
        c -> {
          byte[] bytes = bytes(c, 0);
          for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte swapped = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swapped;
          }
          c.set(bytes);
        },
        BYTEA);
  }

  private static byte[] bytes(Cells c, int argument) {
    return c.bytes(argument).copyOf(c.row());
  }

  private static String encode(byte[] bytes, String format) {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "hex" -> HexFormat.of().formatHex(bytes);
      case "base64" -> Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(bytes);
      case "escape" -> escaped(bytes);
      default -> throw unknownEncoding(format);
    };
  }

  private static VarveException unknownEncoding(String format) {
    return ErrorCode.INVALID_ARGUMENT
        .error("Unrecognized encoding: \"" + format + "\".")
        .hint("Use hex, base64 or escape.")
        .build();
  }

  private static String escaped(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (b == '\\') {
        text.append("\\\\");
      } else if (b > 0) {
        text.append((char) b);
      } else {
        int value = b & 0xff;
        text.append('\\').append(value >> 6).append(value >> 3 & 7).append(value & 7);
      }
    }
    return text.toString();
  }

  private static byte[] decode(String text, String format) {
    switch (format.toLowerCase(Locale.ROOT)) {
      case "hex" -> {
        return array(TextInput.parse("\\x" + text, SqlType.BYTEA, ZoneOffset.UTC, 0));
      }
      case "base64" -> {
        return base64(text);
      }
      case "escape" -> {
        String escape = text.startsWith("\\x") ? "\\\\" + text.substring(1) : text;
        return array(TextInput.parse(escape, SqlType.BYTEA, ZoneOffset.UTC, 0));
      }
      default -> throw unknownEncoding(format);
    }
  }

  private static byte[] base64(String text) {
    String digits = text.replaceAll("\\s", "");
    try {
      if (digits.length() % 4 == 0) {
        return Base64.getDecoder().decode(digits);
      }
    } catch (IllegalArgumentException e) {
      throw badBase64().cause(e).build();
    }
    throw badBase64().build();
  }

  private static VarveException.Builder badBase64() {
    return ErrorCode.INVALID_ARGUMENT
        .error("Invalid base64 end sequence.")
        .hint("The input data is missing padding, is truncated, or is corrupted.");
  }

  private static byte[] array(Object buffer) {
    return ((ByteBuffer) buffer).array();
  }

  private static Charset charset(String name) {
    String known =
        switch (name.toUpperCase(Locale.ROOT)) {
          case "UTF8", "UTF-8", "UNICODE" -> "UTF-8";
          case "SQL_ASCII" -> "US-ASCII";
          case "LATIN1" -> "ISO-8859-1";
          case "LATIN9" -> "ISO-8859-15";
          case "WIN1252" -> "windows-1252";
          case "EUC_JP" -> "EUC-JP";
          case "SJIS" -> "Shift_JIS";
          default -> name;
        };
    try {
      return Charset.forName(known);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("Invalid encoding name: \"" + name + "\".")
          .cause(e)
          .build();
    }
  }

  private static String text(byte[] bytes, Charset charset) {
    try {
      String text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException e) {
      throw ErrorCode.CHARACTER_NOT_IN_REPERTOIRE
          .error("Invalid byte sequence for encoding " + charset.name() + ".")
          .fact("bytes", bytes)
          .cause(e)
          .build();
    }
    throw ErrorCode.CHARACTER_NOT_IN_REPERTOIRE
        .error("Text must not contain the character zero.")
        .build();
  }

  private static void digests(Catalog catalog) {
    for (TypeKind kind : new TypeKind[] {TEXT, BYTEA}) {
      catalog.row(
          "md5", TEXT, c -> c.set(HexFormat.of().formatHex(digest("MD5", bytes(c, 0)))), kind);
    }
    for (int bits : new int[] {224, 256, 384, 512}) {
      catalog.row("sha" + bits, BYTEA, c -> c.set(digest("SHA-" + bits, bytes(c, 0))), BYTEA);
    }
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw ErrorCode.NOT_SUPPORTED
          .error("This Java runtime has no " + algorithm + ".")
          .cause(e)
          .build();
    }
  }

  /** The binary forms that PostgreSQL sends to its clients. */
  private static void sending(Catalog catalog) {
    catalog.row(
        "float4send",
        BYTEA,
        c -> c.set(ByteBuffer.allocate(4).putFloat((float) c.real(0)).array()),
        TypeKind.REAL);
    catalog.row(
        "float8send",
        BYTEA,
        c -> c.set(ByteBuffer.allocate(8).putDouble(c.real(0)).array()),
        TypeKind.DOUBLE);
    catalog.row(
        "int2send",
        BYTEA,
        c -> c.set(ByteBuffer.allocate(2).putShort((short) c.integer(0)).array()),
        TypeKind.SMALLINT);
    catalog.row(
        "int4send", BYTEA, c -> c.set(ByteBuffer.allocate(4).putInt(c.integer(0)).array()), INT);
    catalog.row(
        "int8send",
        BYTEA,
        c -> c.set(ByteBuffer.allocate(8).putLong(c.bigint(0)).array()),
        TypeKind.BIGINT);
  }

  private static void singleBytes(Catalog catalog) {
    catalog.row(
        "get_byte",
        INT,
        c -> c.set(c.bytes(0).bytes[c.offset(0) + index(c.integer(1), c.length(0))] & 0xff),
        BYTEA,
        INT);
    catalog.row(
        "set_byte",
        BYTEA,
        c -> {
          byte[] bytes = bytes(c, 0);
          bytes[index(c.integer(1), bytes.length)] = (byte) c.integer(2);
          c.set(bytes);
        },
        BYTEA,
        INT,
        INT);
    catalog.row(
        "get_bit",
        INT,
        c -> {
          int bit = index(c.bigint(1), c.length(0) * 8L);
          c.set(c.bytes(0).bytes[c.offset(0) + bit / 8] >> bit % 8 & 1);
        },
        BYTEA,
        TypeKind.BIGINT);
    catalog.row(
        "set_bit",
        BYTEA,
        c -> {
          byte[] bytes = bytes(c, 0);
          int bit = index(c.bigint(1), bytes.length * 8L);
          if (c.integer(2) != 0 && c.integer(2) != 1) {
            throw ErrorCode.INVALID_ARGUMENT.error("The new bit must be 0 or 1.").build();
          }
          bytes[bit / 8] &= (byte) ~(1 << bit % 8);
          bytes[bit / 8] |= (byte) (c.integer(2) << bit % 8);
          c.set(bytes);
        },
        BYTEA,
        TypeKind.BIGINT,
        INT);
    catalog.row(
        "bit_count",
        TypeKind.BIGINT,
        c -> {
          long bits = 0;
          for (int i = 0; i < c.length(0); i++) {
            bits += Integer.bitCount(c.bytes(0).bytes[c.offset(0) + i] & 0xff);
          }
          c.set(bits);
        },
        BYTEA);
  }

  private static int index(long index, long length) {
    if (index < 0 || index >= length) {
      throw ErrorCode.INDEX_OUT_OF_RANGE
          .error("Index " + index + " is out of valid range, 0.." + (length - 1) + ".")
          .build();
    }
    return (int) index;
  }
}
