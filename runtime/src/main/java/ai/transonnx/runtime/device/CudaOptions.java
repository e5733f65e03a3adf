package ai.transonnx.runtime.device;

import ai.transonnx.runtime.RequestException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Options of ONNX Runtime's CUDA provider. */
public final class CudaOptions {
  private static final String MEMORY_LIMIT = "gpu_mem_limit";
  private static final String ARENA_GROWTH = "arena_extend_strategy";
  private static final String TF32 = "use_tf32";
  private static final String CUDNN_SEARCH = "cudnn_conv_algo_search";

  /** How the arena grows. */
  public enum ArenaGrowth {
    /** To the next power of two: few allocations. */
    NEXT_POWER_OF_TWO("kNextPowerOfTwo"),
    /** By the requested size: little unused memory. */
    SAME_AS_REQUESTED("kSameAsRequested");

    private final String value;

    ArenaGrowth(String value) {
      this.value = value;
    }
  }

  /** How the algorithm of a convolution is chosen. */
  public enum CudnnSearch {
    /** By trying all, for each new shape: slow where lengths change from call to call. */
    EXHAUSTIVE,
    /** By cuDNN's heuristic. */
    HEURISTIC,
    /** cuDNN's default algorithm. */
    DEFAULT
  }

  private final long memoryLimit;
  private final ArenaGrowth arenaGrowth;
  private final boolean tf32;
  private final CudnnSearch cudnnSearch;
  private final Map<String, String> more;

  private CudaOptions(Builder builder) {
    memoryLimit = builder.memoryLimit;
    arenaGrowth = builder.arenaGrowth;
    tf32 = builder.tf32;
    cudnnSearch = builder.cudnnSearch;
    more = Collections.unmodifiableMap(new LinkedHashMap<>(builder.more));
    if (memoryLimit < 1) {
      throw new RequestException(MEMORY_LIMIT + " is " + memoryLimit + "; it must be positive");
    }
    for (String own : new String[] {MEMORY_LIMIT, ARENA_GROWTH, TF32, CUDNN_SEARCH, "device_id"}) {
      if (more.containsKey(own)) {
        throw new RequestException(
            "CUDA option '%s' cannot be in 'more'; it has its own setting".formatted(own));
      }
    }
  }

  /** No memory limit, an arena of powers of two, no TF32, cuDNN's heuristic. */
  public static CudaOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * These options, overridden by others with the provider's names.
   *
   * @throws RequestException if an option has an invalid value
   */
  CudaOptions with(Map<String, String> named) {
    var rest = new LinkedHashMap<>(more);
    var builder = new Builder(this);
    named.forEach(
        (name, value) -> {
          switch (name) {
            case MEMORY_LIMIT -> builder.memoryLimit(number(name, value));
            case ARENA_GROWTH ->
                builder.arenaGrowth(choice(name, value, ArenaGrowth.values(), g -> g.value));
            case TF32 ->
                builder.tf32(choice(name, value, new String[] {"0", "1"}, v -> v).equals("1"));
            case CUDNN_SEARCH ->
                builder.cudnnSearch(choice(name, value, CudnnSearch.values(), Enum::name));
            default -> rest.put(name, value);
          }
        });
    return builder.more(rest).build();
  }

  private static long number(String name, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new RequestException(
          "CUDA option '%s' is '%s', not a number of bytes".formatted(name, value));
    }
  }

  private static <T> T choice(String name, String value, T[] values, Function<T, String> text) {
    return Stream.of(values)
        .filter(candidate -> text.apply(candidate).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new RequestException(
                    "CUDA option '%s' is '%s'; it can be %s"
                        .formatted(
                            name,
                            value,
                            String.join(" or ", Stream.of(values).map(text).toList()))));
  }

  /** The options by the provider's names. */
  public Map<String, String> toProvider() {
    var options = new LinkedHashMap<String, String>();
    if (memoryLimit != Long.MAX_VALUE) {
      options.put(MEMORY_LIMIT, Long.toString(memoryLimit));
    }
    options.put(ARENA_GROWTH, arenaGrowth.value);
    options.put(TF32, tf32 ? "1" : "0");
    options.put(CUDNN_SEARCH, cudnnSearch.name());
    options.putAll(more);
    return options;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CudaOptions options && toProvider().equals(options.toProvider());
  }

  @Override
  public int hashCode() {
    return toProvider().hashCode();
  }

  /** The options by the provider's names. */
  @Override
  public String toString() {
    return toProvider().toString();
  }

  /** Collects options; those that are not set are as in {@link #defaults}. */
  public static final class Builder {
    private long memoryLimit = Long.MAX_VALUE;
    private ArenaGrowth arenaGrowth = ArenaGrowth.NEXT_POWER_OF_TWO;
    private boolean tf32 = false;
    private CudnnSearch cudnnSearch = CudnnSearch.HEURISTIC;
    private Map<String, String> more = Map.of();

    private Builder() {}

    private Builder(CudaOptions options) {
      memoryLimit = options.memoryLimit;
      arenaGrowth = options.arenaGrowth;
      tf32 = options.tf32;
      cudnnSearch = options.cudnnSearch;
      more = options.more;
    }

    /**
     * The maximum size of a model's arena in device memory in bytes; {@code Long.MAX_VALUE} means
     * no limit.
     */
    public Builder memoryLimit(long bytes) {
      this.memoryLimit = bytes;
      return this;
    }

    public Builder arenaGrowth(ArenaGrowth arenaGrowth) {
      this.arenaGrowth = arenaGrowth;
      return this;
    }

    /**
     * Whether float32 products may be computed with 10 bits of mantissa; off by default, because
     * results then differ by more than float32 rounding.
     */
    public Builder tf32(boolean tf32) {
      this.tf32 = tf32;
      return this;
    }

    public Builder cudnnSearch(CudnnSearch cudnnSearch) {
      this.cudnnSearch = cudnnSearch;
      return this;
    }

    /** Further options, by the provider's names. */
    public Builder more(Map<String, String> more) {
      this.more = more;
      return this;
    }

    /**
     * Makes the options.
     *
     * @throws RequestException if the memory limit is not positive, or the further options have the
     *     device number or an option with a method of its own
     */
    public CudaOptions build() {
      return new CudaOptions(this);
    }
  }
}
