package ai.transonnx.golden;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import ai.transonnx.graph.Graph;
import ai.transonnx.graph.Value;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.VectorLoop;
import ai.transonnx.verification.CaseFolder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Creates loops over the model of a golden case. All are fed from the same random sequence. */
final class CaseLoops {
  /** A loop of one row over tokens or vectors. */
  interface Loop extends AutoCloseable {
    /** Feeds the positions of the sequence from {@code start} to {@code end}. */
    void feed(int start, int end, Cancellation cancellation);

    /** Returns to an earlier position. */
    void rewind(int earlier, Cancellation cancellation);

    /** The number of positions that were fed. */
    long position();

    /** The output at the last position: logits or a vector. */
    Tensor out();

    @Override
    void close();
  }

  private final Random random = new Random(29);
  private final OnnxModel model;
  private final Map<String, Tensor> others;
  private final boolean hasTokens;
  private final long[] tokens;
  private final float[] vectors;
  private final int features;

  /**
   * Prepares loops over a model.
   *
   * @param length the length of the sequence
   */
  CaseLoops(OnnxModel model, int length) {
    this.model = model;
    this.others = others(model, random);
    this.hasTokens = model.signature().output("logits").isPresent();
    this.tokens = hasTokens ? tokens(length) : new long[0];
    this.features = hasTokens ? 0 : features(model);
    this.vectors = floats(length * features, random);
  }

  /** The incremental graph of the class's generation. */
  static GraphRequest request(CaseFolder folder) {
    return folder.architecture().generation().toBuilder().incremental(true).build();
  }

  /**
   * Whether the class has that graph, and its output can be the next input. Numbers of tokens have
   * a loop of their own, which {@link NumberGenerationTest} runs.
   */
  static boolean canLoop(CaseFolder folder) {
    var request = request(folder);
    if (!folder.architecture().isIncremental(request)) {
      return false;
    }
    var graph = folder.architecture().build(request).graph();
    if (graph.inputs().stream().anyMatch(input -> input.name().equals("x_num"))) {
      return false;
    }
    return graph.outputs().stream()
        .anyMatch(output -> output.name().equals("logits") || isFed(output, graph));
  }

  private static boolean isFed(Value output, Graph graph) {
    return output.name().equals("out")
        && graph.inputs().stream()
            .filter(input -> input.name().equals("x"))
            .anyMatch(x -> x.dim(2).equals(output.dim(2)));
  }

  private static int features(OnnxModel model) {
    return (int) model.signature().input("x").orElseThrow().fixedSize(2).orElseThrow();
  }

  boolean haveTokens() {
    return hasTokens;
  }

  /** The inputs besides the sequence and state, equal for each row. */
  Map<String, Tensor> others() {
    return others;
  }

  /** Random tokens. */
  long[] tokens(int count) {
    return random.longs(count, 0, model.inputVocabulary().count().orElseThrow()).toArray();
  }

  /** A new loop. */
  Loop start(ContextOverflow overflow) {
    return hasTokens
        ? new TokensLoop(TokenLoop.builder(model).inputs(others).contextOverflow(overflow).build())
        : new VectorsLoop(
            VectorLoop.builder(model).inputs(others).contextOverflow(overflow).build());
  }

  private final class TokensLoop implements Loop {
    private final TokenLoop loop;

    TokensLoop(TokenLoop loop) {
      this.loop = loop;
    }

    @Override
    public void feed(int start, int end, Cancellation cancellation) {
      loop.feed(Arrays.copyOfRange(tokens, start, end), cancellation);
    }

    @Override
    public void rewind(int earlier, Cancellation cancellation) {
      loop.rewind(earlier, cancellation);
    }

    @Override
    public long position() {
      return loop.position();
    }

    @Override
    public Tensor out() {
      var logits = new float[loop.vocabulary()];
      loop.logits(0, logits);
      return Tensor.ofFloats(logits, logits.length);
    }

    @Override
    public void close() {
      loop.close();
    }
  }

  private final class VectorsLoop implements Loop {
    private final VectorLoop loop;

    VectorsLoop(VectorLoop loop) {
      this.loop = loop;
    }

    @Override
    public void feed(int start, int end, Cancellation cancellation) {
      loop.feed(Arrays.copyOfRange(vectors, start * features, end * features), cancellation);
    }

    @Override
    public void rewind(int earlier, Cancellation cancellation) {
      loop.rewind(earlier, cancellation);
    }

    @Override
    public long position() {
      return loop.position();
    }

    @Override
    public Tensor out() {
      var out = new float[features];
      loop.output(0, out);
      return Tensor.ofFloats(out, features);
    }

    @Override
    public void close() {
      loop.close();
    }
  }

  private static Map<String, Tensor> others(OnnxModel model, Random random) {
    var tensors = new TreeMap<String, Tensor>();
    var others = new TreeMap<>(model.signature().inputs());
    others.keySet().removeAll(Set.of("tokens", "tgt", "x")); // the sequence
    others.remove(OnnxModel.START); // set by the loop
    model.metadata().state().forEach(pair -> others.remove(pair.input()));
    others.values().forEach(spec -> tensors.put(spec.name(), value(model, spec, random)));
    return tensors;
  }

  private static Tensor value(OnnxModel model, TensorSpec spec, Random random) {
    var dims = kept(model, spec.name()).orElse(spec.dims());
    long[] shape = dims.stream().mapToLong(dim -> size(dim, dims)).toArray();
    var tensor = Tensor.zeros(spec.type(), shape);
    return spec.type() == ElementType.FLOAT32
        ? Tensor.ofFloats(floats(tensor.size(), random), shape)
        : tensor;
  }

  /** The shape of an input that the state keeps as it is: later calls are given it empty. */
  private static Optional<List<Dim>> kept(OnnxModel model, String input) {
    return model.metadata().state().stream()
        .filter(pair -> pair.input().equals("past_kept_" + input))
        .map(StateTensor::shape)
        .findFirst();
  }

  private static long size(Dim dim, List<Dim> all) {
    return dim.isFixed() ? dim.size() : dim.equals(all.get(0)) ? 1 : 3;
  }

  private static float[] floats(int count, Random random) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
