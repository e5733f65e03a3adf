package ai.transonnx.verification.internal.divergence;

import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.graph.GraphIndex;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.graph.Slices;
import ai.transonnx.verification.internal.truth.RoundingLimits;
import ai.transonnx.verification.internal.twin.FloatTwin;
import ai.transonnx.verification.internal.twin.NoTwinException;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerOptions;
import ai.transonnx.verification.runner.Runners;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Searches where runtimes begin to compute something else than a file says, in one call.
 *
 * <p>All intermediate values are compared, a slice at a time: the expected ones are computed in
 * float64 from those of the slice before, and so are the runtime's from its own. If no value is
 * wrong in this way, the runtime runs the whole model, with the values of each slice as further
 * outputs. The first wrong value whose node has right inputs is a suspect. A suspect is confirmed
 * if its node alone, or with some nodes before it, computes it wrongly from the expected inputs. If
 * there is no suspect, operators are fused only if few values are outputs: then values between
 * modules are outputs one at a time. Immutable, but one thread at a time may search.
 */
public final class DivergenceSearch {
  /** Of the memory, the share that the expected values of a slice may have. */
  private static final int SLICES_IN_MEMORY = 8;

  private static final long MOST_USUAL_MEMORY = 1 << 30;

  private static final int MANY_SLICES = 8;

  /** If sizes are unknown, so many values are a slice. */
  private static final int VALUES_IN_SLICE = 32;

  private static final Duration LONG = Duration.ofHours(1);

  private final ModelFile file;
  private final String call;
  private final Map<String, Tensor> inputs;
  private final double factor;
  private final int rounds;
  private final int seed;
  private final long memory;
  private final @Nullable Path reproductions;

  private DivergenceSearch(Builder builder) {
    this.file = builder.file;
    this.call = builder.call;
    this.inputs = Map.copyOf(builder.inputs);
    this.factor = builder.factor;
    this.rounds = builder.rounds;
    this.seed = builder.seed;
    this.memory = builder.memory;
    this.reproductions = builder.reproductions;
  }

  /**
   * A search in a file.
   *
   * @param call the name of the call, for the report
   * @param inputs every input of the model
   */
  public static Builder builder(ModelFile file, String call, Map<String, Tensor> inputs) {
    return new Builder(file, call, inputs);
  }

  /** The JVM's limit for its heap, but at most 1 GiB: more memory saves little time. */
  public static long usualMemory() {
    return Math.min(Runtime.getRuntime().maxMemory(), MOST_USUAL_MEMORY);
  }

  /**
   * Searches in several runtimes at once, which share the expected values.
   *
   * @return the divergence of each runtime with a wrong value, by its name
   * @throws ai.transonnx.verification.runner.RunnerException if a runtime cannot run the file
   */
  public Map<String, Divergence> run(List<ModelRunner> runners) {
    var limits = RunnerOptions.builder().loadTime(LONG).runTime(LONG).build();
    try (var scratch = new Scratch(file);
        var local = Runners.open("cpu:none", limits)) {
      var index = GraphIndex.of(file.proto().getGraph());
      var slices = slices(scratch, local, index);
      var reference = new Reference(scratch, local, hasTwin() ? rounds(slices) : 0, seed);
      var model = TypedModel.of(file, comparable(index), scratch.path());
      var searches = new ArrayList<RuntimeSearch>();
      for (var runner : runners) {
        searches.add(new RuntimeSearch(this, scratch, reference, model, runner));
      }
      searches.forEach(search -> search.startParts(slices));
      compare(reference, slices, searches);
      var unexplained = searches.stream().filter(RuntimeSearch::isUnexplained).toList();
      if (!unexplained.isEmpty()) {
        unexplained.forEach(RuntimeSearch::startWhole);
        compare(reference, slices, unexplained);
      }
      var divergences = new LinkedHashMap<String, Divergence>();
      for (var search : searches) {
        search.locate().ifPresent(found -> divergences.put(search.name(), found));
      }
      return divergences;
    }
  }

  private void compare(
      Reference reference, List<List<String>> slices, List<RuntimeSearch> searches) {
    var values = reference.values(file.proto(), slices, inputs);
    for (var slice : slices) {
      compare(values, slice, searches);
    }
  }

  private static void compare(
      Reference.Values values, List<String> slice, List<RuntimeSearch> searches) {
    var expected = values.next();
    searches.forEach(search -> search.compare(slice, expected));
  }

  /** The largest error among many elements needs few runs. */
  private int rounds(List<List<String>> slices) {
    return slices.size() > MANY_SLICES ? 1 : rounds;
  }

  private List<List<String>> slices(Scratch scratch, ModelRunner local, GraphIndex index) {
    var values = comparable(index);
    long budget = memory / SLICES_IN_MEMORY;
    var sizes = ValueSizes.of(scratch, local, file.proto(), values, inputs);
    if (sizes.isEmpty()) {
      sizes = new LinkedHashMap<>();
      for (var value : values) {
        sizes.put(value, budget / VALUES_IN_SLICE);
      }
    }
    return Slices.of(index, new LinkedHashSet<>(values), sizes, budget);
  }

  /** The results of all nodes, except for those that are no tensors. */
  private static List<String> comparable(GraphIndex index) {
    return index.nodes().stream()
        .filter(node -> !node.getOpType().contains("Sequence"))
        .filter(node -> !node.getOpType().startsWith("Optional"))
        .flatMap(node -> GraphIndex.results(node).stream())
        .toList();
  }

  private boolean hasTwin() {
    try {
      FloatTwin.of(file.proto());
      return true;
    } catch (NoTwinException e) {
      return false;
    }
  }

  ModelFile file() {
    return file;
  }

  String call() {
    return call;
  }

  Map<String, Tensor> inputs() {
    return inputs;
  }

  double factor() {
    return factor;
  }

  Optional<Path> reproductions() {
    return Optional.ofNullable(reproductions);
  }

  /** Collects the parts of a search. Not thread-safe. */
  public static final class Builder {
    private final ModelFile file;
    private final String call;
    private final Map<String, Tensor> inputs;
    private double factor = RoundingLimits.FACTOR;
    private int rounds = 4;
    private int seed;
    private long memory = usualMemory();
    private @Nullable Path reproductions;

    private Builder(ModelFile file, String call, Map<String, Tensor> inputs) {
      this.file = file;
      this.call = call;
      this.inputs = inputs;
    }

    /** The tolerance is this number times the error that rounding alone causes. */
    public Builder factor(double number) {
      factor = number;
      return this;
    }

    /**
     * The number of runs with random rounding, at least 1; 4 by default. If the values need many
     * slices, one run has enough elements.
     */
    public Builder rounds(int number) {
      rounds = number;
      return this;
    }

    /** Selects the random roundings; 0 by default. */
    public Builder seed(int number) {
      seed = number;
      return this;
    }

    /**
     * The memory in bytes that the search may take besides the runtimes; {@link #usualMemory} by
     * default.
     */
    public Builder memory(long bytes) {
      memory = bytes;
      return this;
    }

    /** A folder in which a folder with the smallest reproduction of each divergence is written. */
    public Builder reproductions(Path folder) {
      reproductions = folder;
      return this;
    }

    /** The search. */
    public DivergenceSearch build() {
      return new DivergenceSearch(this);
    }
  }
}
