package ai.transonnx.golden;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The checks of one case: each recorded step against the exported model, and, where the class can
 * be run incrementally, each recorded call in pieces and each generation with state.
 *
 * <p>Each kind of graph is exported once, into a folder of the caller's; the models are held until
 * this is closed.
 */
public final class CaseChecks implements AutoCloseable {
  private final CaseFolder folder;
  private final Path scratch;
  private final CaseModel.Loader loader;
  private final UnaryOperator<GraphRequest> shape;
  private final Architecture architecture;
  private final Recording recording;
  private final Map<GraphRequest, CaseModel> models = new HashMap<>();

  /**
   * Prepares the checks of a case.
   *
   * @param scratch an existing folder for the exported models
   * @param shape what changes of each graph, such as its opset
   * @throws ai.transonnx.InputException if the case's configuration or tensors are not valid
   */
  public CaseChecks(
      CaseFolder folder, Path scratch, ModelOptions options, UnaryOperator<GraphRequest> shape) {
    this(folder, scratch, file -> new NativeCaseModel(OnnxModel.load(file, options)), shape);
  }

  /**
   * Prepares the checks of a case with models that some library loads.
   *
   * @param scratch an existing folder for the exported models
   * @param shape what changes of each graph, such as its opset
   * @throws ai.transonnx.InputException if the case's configuration or tensors are not valid
   */
  public CaseChecks(
      CaseFolder folder, Path scratch, CaseModel.Loader loader, UnaryOperator<GraphRequest> shape) {
    this.folder = folder;
    this.scratch = scratch;
    this.loader = loader;
    this.shape = shape;
    this.architecture = folder.architecture();
    this.recording = Recording.open(folder.tensors());
  }

  /**
   * The graph that a step of a case needs.
   *
   * @throws ai.transonnx.InputException if the case's tensors are not valid
   */
  public static GraphRequest request(CaseFolder folder, Step step) {
    try (var recording = Recording.open(folder.tensors())) {
      return StepRequest.of(folder.architecture(), step, recording);
    }
  }

  /** All checks of the case, in the order of its steps. */
  public List<Check> all() {
    var checks = new ArrayList<Check>();
    for (var step : folder.steps()) {
      var request = shape.apply(StepRequest.of(architecture, step, recording));
      checks.add(new Check("step " + step.index(), () -> check(step, request)));
      boolean isOther = step.kind() != Step.Kind.LOSS && !request.incremental();
      if (isOther && architecture.isIncremental(request)) {
        checks.add(
            new Check(
                "step %d incrementally".formatted(step.index()),
                () -> checkIncremental(step, request.withIncremental(true))));
      }
    }
    return checks;
  }

  private Comparison check(Step step, GraphRequest request) {
    if (step.kind() == Step.Kind.GREEDY) {
      return generation(step, request);
    }
    var actual = new RecordedCall(model(request)).run(recording.inputs(step));
    actual.keySet().retainAll(step.outputs());
    if (actual.size() < step.outputs().size()) {
      throw new IllegalStateException(
          "the model gives %s of %s".formatted(actual.keySet(), step.outputs()));
    }
    var worst = worst(step, actual);
    return step.bitsPerCharacter().isPresent()
        ? withBits(
            worst,
            step.bitsPerCharacter().getAsDouble(),
            Objects.requireNonNull(actual.get("loss")))
        : worst;
  }

  private Comparison worst(Step step, Map<String, Tensor> actual) {
    return actual.entrySet().stream()
        .map(
            out ->
                Comparison.of(out.getKey(), recording.output(step, out.getKey()), out.getValue()))
        .max(Comparator.comparingDouble(Comparison::share))
        .orElseThrow();
  }

  private static Comparison withBits(Comparison loss, double expected, Tensor actual) {
    double bits = actual.floats()[0] / Math.log(2);
    boolean same = Math.round(bits * 1e4) == Math.round(expected * 1e4);
    return new Comparison(
        loss.agrees() && same,
        loss.share(),
        "%s; %.4f bits per character, expected %.4f".formatted(loss.description(), bits, expected));
  }

  private Comparison generation(Step step, GraphRequest request) {
    if (!step.inputs().contains("tokens")) {
      var expected = recording.output(step, "generated");
      var others = recording.inputs(step);
      var prompt = Objects.requireNonNull(others.remove("x"));
      int length = (int) expected.shape()[1];
      return Comparison.of(
          "generated", expected, model(request).continueVectors(prompt, others, length));
    }
    var others = recording.inputs(step);
    others.remove("tokens");
    var prompt = recording.input(step, "tokens");
    var expected = recording.output(step, "generated");
    int rows = (int) expected.shape()[0];
    int length = (int) expected.shape()[1];
    int promptLength = (int) prompt.shape()[1];
    var prompts = new long[rows][promptLength];
    var tokens = prompt.longs();
    for (int row = 0; row < rows; row++) {
      System.arraycopy(tokens, row * promptLength, prompts[row], 0, promptLength);
    }
    var continued = model(request).continueGreedily(prompts, others, length);
    var generated = new long[rows * length];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(continued[row], 0, generated, row * length, length);
    }
    return Comparison.of("generated", expected, Tensor.ofLongs(generated, rows, length));
  }

  private Comparison checkIncremental(Step step, GraphRequest request) {
    if (step.kind() == Step.Kind.GREEDY) {
      return generation(step, request);
    }
    var inputs = recording.inputs(step);
    var sequence = Objects.requireNonNull(inputs.get(SequenceCalls.main(model(request))));
    var run = new IncrementalRun(model(request));
    return Splits.of((int) sequence.shape()[1]).stream()
        .map(
            split ->
                worst(step, run.outputs(inputs, split)).in("in %d pieces".formatted(split.size())))
        .max(Comparator.comparingDouble(Comparison::share))
        .orElseThrow();
  }

  private CaseModel model(GraphRequest request) {
    return models.computeIfAbsent(request, this::export);
  }

  private CaseModel export(GraphRequest request) {
    var file = scratch.resolve("%s-%d.onnx".formatted(architecture.className(), models.size()));
    folder.export(request, file);
    return loader.load(file);
  }

  @Override
  public void close() {
    models.values().forEach(CaseModel::close);
    recording.close();
  }
}
