package ai.transonnx.runtime.device;

import ai.transonnx.runtime.RequestException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Options of ONNX Runtime's CUDA provider.
 *
 * @param memoryLimit the maximum size of a model's arena in device memory in bytes; {@code
 *     Long.MAX_VALUE} means no limit
 * @param arenaGrowth how the arena grows when it is full
 * @param tf32 whether float32 products may be computed with 10 bits of mantissa; off by default,
 *     because results then differ by more than float32 rounding
 * @param cudnnSearch how cuDNN's convolution is chosen
 * @param more further options, by the provider's names
 */
public record CudaOptions(
    long memoryLimit,
    ArenaGrowth arenaGrowth,
    boolean tf32,
    CudnnSearch cudnnSearch,
    Map<String, String> more) {
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

  /**
   * @throws RequestException if {@code memoryLimit} is not positive, or {@code more} has the device
   *     number or an option that is another component of this record
   */
  public CudaOptions {
    more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
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

    public Builder memoryLimit(long bytes) {
      this.memoryLimit = bytes;
      return this;
    }

    public Builder arenaGrowth(ArenaGrowth arenaGrowth) {
      this.arenaGrowth = arenaGrowth;
      return this;
    }

    public Builder tf32(boolean tf32) {
      this.tf32 = tf32;
      return this;
    }

    public Builder cudnnSearch(CudnnSearch cudnnSearch) {
      this.cudnnSearch = cudnnSearch;
      return this;
    }

    public Builder more(Map<String, String> more) {
      this.more = more;
      return this;
    }

    public CudaOptions build() {
      return new CudaOptions(memoryLimit, arenaGrowth, tf32, cudnnSearch, more);
    }
  }
}
