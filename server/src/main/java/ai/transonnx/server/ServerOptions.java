package ai.transonnx.server;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.embedding.Pooling;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The address of an {@link InferenceServer}, and how it serves its model. Immutable; threads may
 * share it.
 *
 * <pre>{@code
 * ServerOptions.builder().port(0).apiKey("secret").build();
 * ServerOptions.builder().port(70000).build(); // RequestException
 * }</pre>
 */
public final class ServerOptions {
  private static final int MAX_PORT = 65535;

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

  /** Whether the special tokens that the tokenizer puts around a text are added to texts. */
  public boolean addsSpecialTokens() {
    return values.addsSpecialTokens;
  }

  /** How embeddings of positions become that of a text; empty for the default. */
  public Optional<Pooling> pooling() {
    return Optional.ofNullable(values.pooling);
  }

  /** Whether embeddings have length 1. */
  public boolean normalizesEmbeddings() {
    return values.normalizesEmbeddings;
  }

  /** Whether each request is logged. */
  public boolean logsRequests() {
    return values.logsRequests;
  }

  /** The limits. */
  public ServerLimits limits() {
    return values.limits;
  }

  /**
   * Collects options. The defaults are {@code 127.0.0.1}, port 8080, no key, no further origin, no
   * special tokens, the model's own embedding of a text or else the mean over its positions, of any
   * length, no log of requests, and {@link ServerLimits#defaults}.
   */
  public static final class Builder {
    private String host = "127.0.0.1";
    private int port = 8080;
    private @Nullable String apiKey;
    private @Nullable String allowedOrigin;
    private @Nullable String modelName;
    private boolean addsSpecialTokens;
    private @Nullable Pooling pooling;
    private boolean normalizesEmbeddings;
    private boolean logsRequests;
    private ServerLimits limits = ServerLimits.defaults();

    private Builder() {}

    private Builder(Builder other) {
      this.host = other.host;
      this.port = other.port;
      this.apiKey = other.apiKey;
      this.allowedOrigin = other.allowedOrigin;
      this.modelName = other.modelName;
      this.addsSpecialTokens = other.addsSpecialTokens;
      this.pooling = other.pooling;
      this.normalizesEmbeddings = other.normalizesEmbeddings;
      this.logsRequests = other.logsRequests;
      this.limits = other.limits;
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

    /** Adds the special tokens that the tokenizer puts around a text to texts. */
    public Builder addSpecialTokens() {
      this.addsSpecialTokens = true;
      return this;
    }

    /** Sets how embeddings of positions become that of a text, for a model that does not pool. */
    public Builder pooling(Pooling pooling) {
      this.pooling = pooling;
      return this;
    }

    /** Divides each embedding by its length, so that dot products are cosines. */
    public Builder normalizeEmbeddings() {
      this.normalizesEmbeddings = true;
      return this;
    }

    /**
     * Logs a line for each response at level INFO, by SLF4J's logger {@code ai.transonnx.server}:
     * the client's address, method, path, status and duration; never a text or a key.
     */
    public Builder logRequests() {
      this.logsRequests = true;
      return this;
    }

    /** Sets the limits. */
    public Builder limits(ServerLimits limits) {
      this.limits = limits;
      return this;
    }

    /**
     * Builds the options.
     *
     * @throws RequestException if the port is out of range, or the key is blank
     */
    public ServerOptions build() {
      if (port < 0 || port > MAX_PORT) {
        throw new RequestException("port is %s; 0 to %s are possible".formatted(port, MAX_PORT));
      }
      if (apiKey != null && apiKey.isBlank()) {
        throw new RequestException("apiKey is blank");
      }
      return new ServerOptions(new Builder(this));
    }
  }
}
