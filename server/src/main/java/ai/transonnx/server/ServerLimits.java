package ai.transonnx.server;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.serving.SchedulerOptions;
import java.time.Duration;

/**
 * The limits of an {@link InferenceServer}. Immutable; threads may share it.
 *
 * <pre>{@code
 * ServerLimits.builder().maxRows(16).timeout(Duration.ofSeconds(20)).build();
 * ServerLimits.builder().maxRows(0).build(); // RequestException
 * }</pre>
 */
public final class ServerLimits {
  private static final int MAX_BODY = 1 << 30;

  private final Builder values;

  private ServerLimits(Builder values) {
    this.values = values;
  }

  /** The defaults of {@link Builder}. */
  public static ServerLimits defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The maximum size of a request's body, in bytes. */
  public int maxBodyBytes() {
    return values.maxBodyBytes;
  }

  /** The maximum number of tokens of a prompt. */
  public int maxPromptTokens() {
    return values.maxPromptTokens;
  }

  /** The maximum number of new tokens of a choice. */
  public int maxTokens() {
    return values.maxTokens;
  }

  /** The maximum number of choices of a request. */
  public int maxChoices() {
    return values.maxChoices;
  }

  /** The maximum number of texts of a request for embeddings. */
  public int maxInputs() {
    return values.maxInputs;
  }

  /** The maximum number of open connections. */
  public int maxConnections() {
    return values.maxConnections;
  }

  /** The maximum number of texts that are computed at once. */
  public int maxRows() {
    return values.maxRows;
  }

  /** The maximum number of further texts, which wait. */
  public int maxWaiting() {
    return values.maxWaiting;
  }

  /** The maximum duration of a request. */
  public Duration timeout() {
    return values.timeout;
  }

  /** The time that open requests have to end when the server is closed. */
  public Duration stopTimeout() {
    return values.stopTimeout;
  }

  /**
   * Collects limits. The defaults are bodies of 4 MiB, prompts of 100,000 tokens, 4,096 new tokens,
   * 16 choices, 2,048 texts for embeddings, 1,024 connections, 32 rows and 1,000 waiting ones, 5
   * minutes for a request, and 30 seconds to stop.
   */
  public static final class Builder {
    private int maxBodyBytes = 4 << 20;
    private int maxPromptTokens = 100_000;
    private int maxTokens = 4096;
    private int maxChoices = 16;
    private int maxInputs = 2048;
    private int maxConnections = 1024;
    private int maxRows = SchedulerOptions.defaults().maxRows();
    private int maxWaiting = SchedulerOptions.defaults().maxWaiting();
    private Duration timeout = Duration.ofMinutes(5);
    private Duration stopTimeout = Duration.ofSeconds(30);

    private Builder() {}

    private Builder(Builder other) {
      this.maxBodyBytes = other.maxBodyBytes;
      this.maxPromptTokens = other.maxPromptTokens;
      this.maxTokens = other.maxTokens;
      this.maxChoices = other.maxChoices;
      this.maxInputs = other.maxInputs;
      this.maxConnections = other.maxConnections;
      this.maxRows = other.maxRows;
      this.maxWaiting = other.maxWaiting;
      this.timeout = other.timeout;
      this.stopTimeout = other.stopTimeout;
    }

    /** Sets the maximum size of a request's body, in bytes, 1 to 1 GiB. */
    public Builder maxBodyBytes(int bytes) {
      this.maxBodyBytes = bytes;
      return this;
    }

    /** Sets the maximum number of tokens of a prompt, 1 or more. */
    public Builder maxPromptTokens(int tokens) {
      this.maxPromptTokens = tokens;
      return this;
    }

    /** Sets the maximum number of new tokens of a choice, 1 or more. */
    public Builder maxTokens(int tokens) {
      this.maxTokens = tokens;
      return this;
    }

    /** Sets the maximum number of choices of a request, of all its prompts, 1 or more. */
    public Builder maxChoices(int choices) {
      this.maxChoices = choices;
      return this;
    }

    /** Sets the maximum number of texts of a request for embeddings, 1 or more. */
    public Builder maxInputs(int texts) {
      this.maxInputs = texts;
      return this;
    }

    /** Sets the maximum number of open connections, 1 or more. */
    public Builder maxConnections(int connections) {
      this.maxConnections = connections;
      return this;
    }

    /** Sets the maximum number of texts that are computed at once, 1 or more. */
    public Builder maxRows(int rows) {
      this.maxRows = rows;
      return this;
    }

    /**
     * Sets the maximum number of further texts, 0 or more; more are refused with status 429. A
     * request for embeddings is accepted as a whole while there are fewer.
     */
    public Builder maxWaiting(int texts) {
      this.maxWaiting = texts;
      return this;
    }

    /** Sets the maximum duration of a request, waiting included; at least a millisecond. */
    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** Sets the time that open requests have to end when the server is closed. */
    public Builder stopTimeout(Duration timeout) {
      this.stopTimeout = timeout;
      return this;
    }

    /**
     * Builds the limits.
     *
     * @throws RequestException if one is out of range
     */
    public ServerLimits build() {
      check("maxBodyBytes", maxBodyBytes, 1, MAX_BODY);
      check("maxPromptTokens", maxPromptTokens, 1, Integer.MAX_VALUE);
      check("maxTokens", maxTokens, 1, Integer.MAX_VALUE);
      check("maxChoices", maxChoices, 1, Integer.MAX_VALUE);
      check("maxInputs", maxInputs, 1, Integer.MAX_VALUE);
      check("maxConnections", maxConnections, 1, Integer.MAX_VALUE);
      check("maxRows", maxRows, 1, Integer.MAX_VALUE);
      check("maxWaiting", maxWaiting, 0, Integer.MAX_VALUE);
      if (timeout.toMillis() < 1) {
        throw new RequestException("timeout is %s; it must be longer".formatted(timeout));
      }
      return new ServerLimits(new Builder(this));
    }

    private static void check(String name, int value, int least, int most) {
      if (value < least || value > most) {
        throw new RequestException(
            "%s is %s; %s to %s are possible".formatted(name, value, least, most));
      }
    }
  }
}
