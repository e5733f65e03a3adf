package ai.transonnx.golden;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
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
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Loops over the model of a golden case, all of which are fed from one sequence. */
final class CaseLoops {
  /** A loop of one row, over tokens or over vectors. */
  interface Loop extends AutoCloseable {
    /** Feeds the positions of the sequence from {@code start} to {@code end}. */
    void feed(int start, int end, Cancellation cancellation);

    /** Goes back to where it had been fed so many. */
    void rewind(int earlier, Cancellation cancellation);

    /** How many positions it has been fed. */
    long position();

    /** What follows the last of them. */
    Tensor out();

    @Override
    void close();
  }

  private final Random random = new Random(29);
  private final OnnxModel model;
  private final Map<String, Tensor> given;
  private final boolean isOfTokens;
  private final long[] tokens;
  private final float[] vectors;
  private final int features;

  /**
   * Loops over a model.
   *
   * @param length of the sequence
   */
  CaseLoops(OnnxModel model, int length) {
    this.model = model;
    this.given = given(model, random);
    this.isOfTokens = model.signature().output("logits").isPresent();
    this.tokens = isOfTokens ? tokens(length) : new long[0];
    this.features = isOfTokens ? 0 : features(model);
    this.vectors = floats(length * features, random);
  }

  /** The graph that goes on, of the class's own way to generate. */
  static GraphRequest request(CaseFolder folder) {
    return folder.architecture().generation().toBuilder().incremental(true).build();
  }

  /** Whether a class has that graph, and what it gives may be what it is fed next. */
  static boolean goOn(CaseFolder folder) {
    var request = request(folder);
    if (!folder.architecture().isIncremental(request)) {
      return false;
    }
    var graph = folder.architecture().build(request).graph();
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

  boolean areOfTokens() {
    return isOfTokens;
  }

  /** What the model takes besides a sequence and state, the same of each row. */
  Map<String, Tensor> given() {
    return given;
  }

  /** Tokens by chance. */
  long[] tokens(int count) {
    return random.longs(count, 0, model.tokenRange().count().orElseThrow()).toArray();
  }

  /** A loop that has been fed nothing yet. */
  Loop start(ContextOverflow fullWindow) {
    return isOfTokens
        ? new OfTokens(TokenLoop.builder(model).inputs(given).contextOverflow(fullWindow).build())
        : new OfVectors(
            VectorLoop.builder(model).inputs(given).contextOverflow(fullWindow).build());
  }

  private final class OfTokens implements Loop {
    private final TokenLoop loop;

    OfTokens(TokenLoop loop) {
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

  private final class OfVectors implements Loop {
    private final VectorLoop loop;

    OfVectors(VectorLoop loop) {
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

  private static Map<String, Tensor> given(OnnxModel model, Random random) {
    var given = new TreeMap<String, Tensor>();
    var others = new TreeMap<>(model.signature().inputs());
    others.keySet().removeAll(Set.of("tokens", "tgt", "x")); // what grows
    model.metadata().state().forEach(pair -> others.remove(pair.input()));
    others.values().forEach(spec -> given.put(spec.name(), value(spec, random)));
    return given;
  }

  private static Tensor value(TensorSpec spec, Random random) {
    var dims = spec.dims();
    long[] shape = dims.stream().mapToLong(dim -> size(dim, dims)).toArray();
    var tensor = Tensor.zeros(spec.type(), shape);
    return spec.type() == ElementType.FLOAT32
        ? Tensor.ofFloats(floats(tensor.size(), random), shape)
        : tensor;
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
