// SPDX-License-Identifier: Apache-2.0
package dev.varve;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of Varve. Its message is a sentence, then {@code name=value} facts, then what to
 * do; {@link #code()} says the same to a program.
 */
public class VarveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String sentence;
  private final transient Map<String, Object> facts;
  private final @Nullable String hint;
  private final int position;

  /** For the subclasses that name a kind of conflict; everybody else calls {@link Builder#build}. */
  protected VarveException(Builder builder) {
    super(builder.text(), builder.cause);
    this.code = builder.code;
    this.sentence = builder.sentence;
    this.facts = Map.copyOf(builder.facts);
    this.hint = builder.hint;
    this.position = builder.position;
  }

  /** What went wrong, from a closed set. */
  public final ErrorCode code() {
    return code;
  }

  /** The SQLSTATE, five characters. */
  public final String sqlState() {
    return code.sqlState();
  }

  /** Whether rolling back and running the same transaction again can succeed. */
  public boolean isRetryable() {
    return code.category() == ErrorCode.Category.CONFLICT;
  }

  /** The message's first sentence, without facts and hint. */
  public final String sentence() {
    return sentence;
  }

  /** The facts by name; empty after deserialization. */
  public final Map<String, Object> facts() {
    return facts == null ? Map.of() : facts;
  }

  /** What to do about it, or null. */
  public final @Nullable String hint() {
    return hint;
  }

  /** Where in the SQL text the error is, counted in characters from 1; 0 when there is no place. */
  public final int position() {
    return position;
  }

  /** Collects what an exception says. */
  public static final class Builder {
    private final ErrorCode code;
    private final String sentence;
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private @Nullable String hint;
    private @Nullable String fragment;
    private @Nullable Throwable cause;
    private int position;

    Builder(ErrorCode code, String sentence) {
      this.code = code;
      this.sentence = sentence;
    }

    /** Adds a fact; byte arrays are shown in hexadecimal with their printable text. */
    public Builder fact(String name, @Nullable Object value) {
      facts.put(name, value instanceof byte[] bytes ? Printable.of(bytes) : String.valueOf(value));
      return this;
    }

    /** Says what the reader can do. */
    public Builder hint(String text) {
      this.hint = text;
      return this;
    }

    /** Points into the SQL text: characters from 1. */
    public Builder position(int charsFromOne) {
      this.position = charsFromOne;
      return this;
    }

    /** Shows the offending line of SQL, underlined; it may span two lines. */
    public Builder fragment(String text) {
      this.fragment = text;
      return this;
    }

    /** Keeps the failure underneath. */
    public Builder cause(@Nullable Throwable failure) {
      this.cause = failure;
      return this;
    }

    /** The exception, of the class that the code calls for. */
    public VarveException build() {
      return switch (code) {
        case WRITE_CONFLICT, SERIALIZATION_FAILURE -> new WriteConflictException(this);
        case DEADLOCK -> new DeadlockException(this);
        case LOCK_TIMEOUT -> new LockTimeoutException(this);
        default -> new VarveException(this);
      };
    }

    private String text() {
      StringBuilder text = new StringBuilder(sentence);
      String separator = " [";
      for (Map.Entry<String, Object> fact : facts.entrySet()) {
        text.append(separator).append(fact.getKey()).append('=').append(fact.getValue());
        separator = " ";
      }
      if (!facts.isEmpty()) {
        text.append(']');
      }
      if (hint != null) {
        text.append(" Hint: ").append(hint);
      }
      if (fragment != null) {
        text.append('\n').append(fragment);
      }
      return text.toString();
    }
  }
}
