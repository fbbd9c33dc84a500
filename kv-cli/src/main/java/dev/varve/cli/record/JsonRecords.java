// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; objects and arrays in it are taken as text. */
public final class JsonRecords implements RecordSource {
  private final BufferedReader reader;
  private final JsonFactory factory = new JsonFactory();
  private List<String> columns = List.of();
  private List<@Nullable String> values = List.of();
  private String text = "";
  private long line;
  private long position;

  /** Reads {@code file}. */
  public JsonRecords(Path file) throws IOException {
    reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
  }

  @Override
  public boolean next() throws IOException {
    String next;
    do {
      next = reader.readLine();
      if (next == null) {
        return false;
      }
      line++;
      position += next.length() + 1;
    } while (next.isBlank());
    text = next;
    List<String> names = new ArrayList<>();
    List<@Nullable String> found = new ArrayList<>();
    try (JsonParser json = factory.createParser(next)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecordException("The line is not a JSON object.");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        names.add(json.currentName());
        found.add(value(json, next));
      }
    } catch (JsonProcessingException malformed) {
      throw new BadRecordException("The line is not JSON: " + malformed.getOriginalMessage() + ".");
    }
    columns = names;
    values = found;
    return true;
  }

  /** An object or array is taken as its text. */
  private static @Nullable String value(JsonParser json, String line) throws IOException {
    JsonToken token = json.nextToken();
    if (!token.isStructStart()) {
      return token == JsonToken.VALUE_NULL ? null : json.getText();
    }
    int begin = (int) json.currentTokenLocation().getCharOffset();
    json.skipChildren();
    return line.substring(begin, (int) json.currentLocation().getCharOffset());
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public List<@Nullable String> values() {
    return values;
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
