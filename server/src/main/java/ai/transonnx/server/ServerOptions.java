package ai.transonnx.server;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.serving.SchedulerOptions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The address and the limits of an {@link InferenceServer}. Immutable; threads may share it.
 *
 * <pre>{@code
 * ServerOptions.builder().port(0).apiKey("secret").maxRows(16).build();
 * ServerOptions.builder().port(70000).build(); // RequestException
 * }</pre>
 */
public final class ServerOptions {
  private static final int MAX_PORT = 65535;
  private static final int MAX_BODY = 1 << 30;

  private final Builder values;

  private ServerOptions(Builder values) {
    this.values = values;
  }

  /** The defaults of {@link Builder}. */
  public static ServerOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The name or address of the network interface that is listened on. */
  public String host() {
    return values.host;
  }

  /** The port; 0 for any free one. */
  public int port() {
    return values.port;
  }

  /** The key that requests must have; empty if none is needed. */
  public Optional<String> apiKey() {
    return Optional.ofNullable(values.apiKey);
  }

  /** The origin whose pages may call the server, or {@code *}; empty for its own page only. */
  public Optional<String> allowedOrigin() {
    return Optional.ofNullable(values.allowedOrigin);
  }

  /** The name of the model; empty for that of its file, without {@code .onnx}. */
  public Optional<String> modelName() {
    return Optional.ofNullable(values.modelName);
  }

  /** Whether the special tokens that the tokenizer puts around a text are added to prompts. */
  public boolean addsSpecialTokens() {
    return values.addsSpecialTokens;
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

  /** The maximum number of open connections. */
  public int maxConnections() {
    return values.maxConnections;
  }

  /** The maximum duration of a request. */
  public Duration timeout() {
    return values.timeout;
  }

  /** The time that open requests have to end when the server is closed. */
  public Duration stopTimeout() {
    return values.stopTimeout;
  }

  /** The maximum number of choices that are generated at once. */
  public int maxRows() {
    return values.maxRows;
  }

  /** The maximum number of further choices, which wait. */
  public int maxWaiting() {
    return values.maxWaiting;
  }

  /**
   * Collects options. The defaults are {@code 127.0.0.1}, port 8080, no key, no further origin, no
   * special tokens, bodies of 4 MiB, prompts of 100,000 tokens, 4,096 new tokens, 16 choices, 1,024
   * connections, 5 minutes for a request, 30 seconds to stop, and 32 rows and 1,000 waiting ones.
   */
  public static final class Builder {
    private String host = "127.0.0.1";
    private int port = 8080;
    private @Nullable String apiKey;
    private @Nullable String allowedOrigin;
    private @Nullable String modelName;
    private boolean addsSpecialTokens;
    private int maxBodyBytes = 4 << 20;
    private int maxPromptTokens = 100_000;
    private int maxTokens = 4096;
    private int maxChoices = 16;
    private int maxConnections = 1024;
    private Duration timeout = Duration.ofMinutes(5);
    private Duration stopTimeout = Duration.ofSeconds(30);
    private int maxRows = SchedulerOptions.defaults().maxRows();
    private int maxWaiting = SchedulerOptions.defaults().maxWaiting();

    private Builder() {}

    private Builder(Builder other) {
      this.host = other.host;
      this.port = other.port;
      this.apiKey = other.apiKey;
      this.allowedOrigin = other.allowedOrigin;
      this.modelName = other.modelName;
      this.addsSpecialTokens = other.addsSpecialTokens;
      this.maxBodyBytes = other.maxBodyBytes;
      this.maxPromptTokens = other.maxPromptTokens;
      this.maxTokens = other.maxTokens;
      this.maxChoices = other.maxChoices;
      this.maxConnections = other.maxConnections;
      this.timeout = other.timeout;
      this.stopTimeout = other.stopTimeout;
      this.maxRows = other.maxRows;
      this.maxWaiting = other.maxWaiting;
    }

    /** Sets the interface, such as {@code 0.0.0.0} for all. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** Sets the port; 0 for any free one. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets the key that requests must have, as {@code Authorization: Bearer KEY}. */
    public Builder apiKey(String key) {
      this.apiKey = key;
      return this;
    }

    /** Lets the pages of an origin, such as {@code https://example.org}, or all with {@code *}. */
    public Builder allowedOrigin(String origin) {
      this.allowedOrigin = origin;
      return this;
    }

    /** Sets the name of the model in requests and responses. */
    public Builder modelName(String name) {
      this.modelName = name;
      return this;
    }

    /** Adds the special tokens that the tokenizer puts around a text to prompts. */
    public Builder addSpecialTokens() {
      this.addsSpecialTokens = true;
      return this;
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

    /** Sets the maximum number of open connections, 1 or more. */
    public Builder maxConnections(int connections) {
      this.maxConnections = connections;
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

    /** Sets the maximum number of choices that are generated at once, 1 or more. */
    public Builder maxRows(int rows) {
      this.maxRows = rows;
      return this;
    }

    /** Sets the maximum number of further choices, 0 or more; more are refused with status 429. */
    public Builder maxWaiting(int choices) {
      this.maxWaiting = choices;
      return this;
    }

    /**
     * Builds the options.
     *
     * @throws RequestException if one is out of range
     */
    public ServerOptions build() {
      check("port", port, 0, MAX_PORT);
      check("maxBodyBytes", maxBodyBytes, 1, MAX_BODY);
      check("maxPromptTokens", maxPromptTokens, 1, Integer.MAX_VALUE);
      check("maxTokens", maxTokens, 1, Integer.MAX_VALUE);
      check("maxChoices", maxChoices, 1, Integer.MAX_VALUE);
      check("maxConnections", maxConnections, 1, Integer.MAX_VALUE);
      check("maxRows", maxRows, 1, Integer.MAX_VALUE);
      check("maxWaiting", maxWaiting, 0, Integer.MAX_VALUE);
      if (timeout.toMillis() < 1) {
        throw new RequestException("timeout is %s; it must be longer".formatted(timeout));
      }
      if (apiKey != null && apiKey.isBlank()) {
        throw new RequestException("apiKey is blank");
      }
      return new ServerOptions(new Builder(this));
    }

    private static void check(String name, int value, int least, int most) {
      if (value < least || value > most) {
        throw new RequestException(
            "%s is %s; %s to %s are possible".formatted(name, value, least, most));
      }
    }
  }
}
