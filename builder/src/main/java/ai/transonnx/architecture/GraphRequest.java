package ai.transonnx.architecture;

import ai.transonnx.graph.EmitOptions;
import java.util.List;
import java.util.OptionalInt;

/**
 * The graph that a user wants of an architecture: its inputs and outputs, with or without a KV
 * cache, and the operators that it is written in.
 *
 * <pre>{@code
 * var whole = GraphRequest.main(); // any batch, any length, the class's main output
 * var decoding = GraphRequest.builder().incremental(true).lastLogits(true).build();
 * }</pre>
 *
 * <p>Immutable; threads may share it.
 */
public final class GraphRequest {
  private static final GraphRequest MAIN = builder().build();

  private final List<String> inputs;
  private final List<String> outputs;
  private final boolean incremental;
  private final EmitOptions emit;
  private final OptionalInt batch;
  private final OptionalInt length;
  private final boolean lastLogits;

  private GraphRequest(Builder builder) {
    inputs = builder.inputs;
    outputs = builder.outputs;
    incremental = builder.incremental;
    emit = builder.emit;
    batch = builder.batch;
    length = builder.length;
    lastLogits = builder.lastLogits;
  }

  /** The class's main graph: its required inputs, its main output, any batch, any length. */
  public static GraphRequest main() {
    return MAIN;
  }

  /** A builder that starts from {@link #main}. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this request. */
  public Builder toBuilder() {
    var builder = new Builder();
    builder.inputs = inputs;
    builder.outputs = outputs;
    builder.incremental = incremental;
    builder.emit = emit;
    builder.batch = batch;
    builder.length = length;
    builder.lastLogits = lastLogits;
    return builder;
  }

  /** Names of the inputs; empty for the required ones. */
  public List<String> inputs() {
    return inputs;
  }

  /** Names of the outputs; empty for the class's main one. */
  public List<String> outputs() {
    return outputs;
  }

  /** Whether the past is passed in and out as state. */
  public boolean incremental() {
    return incremental;
  }

  /** The opset, target and precision of the graph. */
  public EmitOptions emit() {
    return emit;
  }

  /** The number of sequences in a call; empty if any. */
  public OptionalInt batch() {
    return batch;
  }

  /** The number of positions in a call; empty if any. */
  public OptionalInt length() {
    return length;
  }

  /** Whether output {@code logits} has the last position only, {@code [b, 1, V]}. */
  public boolean lastLogits() {
    return lastLogits;
  }

  /** Collects the parts of a request. Not thread-safe. */
  public static final class Builder {
    private List<String> inputs = List.of();
    private List<String> outputs = List.of();
    private boolean incremental;
    private EmitOptions emit = EmitOptions.STANDARD;
    private OptionalInt batch = OptionalInt.empty();
    private OptionalInt length = OptionalInt.empty();
    private boolean lastLogits;

    private Builder() {}

    /**
     * The inputs. A name may select one of several forms of an input, such as {@code attn_mask:3d}.
     */
    public Builder inputs(List<String> names) {
      inputs = List.copyOf(names);
      return this;
    }

    /** The inputs; see {@link #inputs(List)}. */
    public Builder inputs(String... names) {
      return inputs(List.of(names));
    }

    /** The outputs, such as {@code logits} or {@code loss}. */
    public Builder outputs(List<String> names) {
      outputs = List.copyOf(names);
      return this;
    }

    /** The outputs; see {@link #outputs(List)}. */
    public Builder outputs(String... names) {
      return outputs(List.of(names));
    }

    /** Whether the past is passed in and out as state: a KV cache or a recurrent state. */
    public Builder incremental(boolean wanted) {
      incremental = wanted;
      return this;
    }

    /** The opset, target and precision. */
    public Builder emit(EmitOptions options) {
      emit = options;
      return this;
    }

    /**
     * Fixes the number of sequences in a call.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder batch(int size) {
      batch = OptionalInt.of(positive("batch", size));
      return this;
    }

    /**
     * Fixes the number of positions in a call.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder length(int size) {
      length = OptionalInt.of(positive("length", size));
      return this;
    }

    /**
     * Whether output {@code logits} has the last position only, which is all that decoding needs.
     */
    public Builder lastLogits(boolean wanted) {
      lastLogits = wanted;
      return this;
    }

    /** The request. */
    public GraphRequest build() {
      return new GraphRequest(this);
    }

    private static int positive(String name, int size) {
      if (size < 1) {
        throw new IllegalArgumentException("%s is %s; it must be at least 1".formatted(name, size));
      }
      return size;
    }
  }
}
