package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Precision;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The checks of one case: each recorded step against the exported model, and, where the class can
 * be run incrementally, each recorded call in pieces and each generation with state.
 *
 * <p>In half precision, a disagreement counts unless it is in {@linkplain RoundingSensitivity
 * doubt}.
 *
 * <p>Each kind of graph is exported once, into a folder of the caller's; the models are held until
 * this is closed.
 */
public final class CaseChecks implements AutoCloseable {
  private final CaseFolder folder;
  private final Path scratch;
  private final CaseModel.Loader loader;
  private final EmitOptions dialect;
  private final UnaryOperator<Model> changed;
  private final Architecture architecture;
  private final Recording recording;
  private final StepOutputs outputs;
  private final RoundingSensitivity doubt;
  private final Map<GraphRequest, CaseModel> models = new HashMap<>();

  /**
   * Prepares the checks of a case with models that some library loads.
   *
   * @param scratch an existing folder for the exported models
   * @param dialect the operators that each graph is written in
   * @param changed what changes of each model before it is exported
   * @throws ai.transonnx.InputException if the case's configuration or tensors are not valid
   */
  public CaseChecks(
      CaseFolder folder,
      Path scratch,
      CaseModel.Loader loader,
      EmitOptions dialect,
      UnaryOperator<Model> changed) {
    this.folder = folder;
    this.scratch = scratch;
    this.loader = loader;
    this.dialect = dialect;
    this.changed = changed;
    this.architecture = folder.architecture();
    this.recording = Recording.open(folder.tensors());
    this.outputs = new StepOutputs(recording);
    this.doubt = new RoundingSensitivity(folder, scratch, loader, recording);
  }

  /**
   * Prepares the checks of a case with models that this project's runtime loads.
   *
   * @param scratch an existing folder for the exported models
   * @param dialect the operators that each graph is written in
   * @throws ai.transonnx.InputException if the case's configuration or tensors are not valid
   */
  public CaseChecks(CaseFolder folder, Path scratch, ModelOptions options, EmitOptions dialect) {
    this(folder, scratch, loader(options), dialect, UnaryOperator.identity());
  }

  /** This project's runtime. */
  public static CaseModel.Loader loader(ModelOptions options) {
    return file -> new NativeCaseModel(OnnxModel.load(file, options));
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
      var request = StepRequest.of(architecture, step, recording).toBuilder().emit(dialect).build();
      checks.add(new Check("step " + step.index(), () -> check(step, request)));
      boolean isOther = step.kind() != Step.Kind.LOSS && !request.incremental();
      if (isOther && architecture.isIncremental(request) && isOfPositions(step, request)) {
        checks.add(
            new Check(
                "step %s incrementally".formatted(step.index()),
                () -> checkIncremental(step, request.toBuilder().incremental(true).build())));
      }
    }
    return checks;
  }

  /** Whether something is recorded that can be had in pieces: maps and state are of whole calls. */
  private boolean isOfPositions(Step step, GraphRequest request) {
    if (step.kind() == Step.Kind.GREEDY) {
      return true;
    }
    var sequences = new HashSet<>(step.outputs());
    sequences.removeIf(name -> !IncrementalRun.isSequence(recording.output(step, name)));
    if (!sequences.isEmpty()) {
      var state = architecture.build(request.toBuilder().incremental(true).build()).state();
      state.forEach(pair -> sequences.remove(RecordedCall.recorded(pair.output())));
    }
    return !sequences.isEmpty();
  }

  private Comparison check(Step step, GraphRequest request) {
    if (step.kind() == Step.Kind.GREEDY) {
      return doubt.about(generation(step, request), step, request);
    }
    return doubt.about(forward(step, request), step, request);
  }

  private Comparison forward(Step step, GraphRequest request) {
    var actual = outputs.of(step, model(request));
    var worst = outputs.worst(step, actual.asMap(), Tolerance.of(request.emit().precision()));
    return step.bitsPerCharacter().isPresent() && request.emit().precision() == Precision.FLOAT32
        ? withBits(worst, step.bitsPerCharacter().getAsDouble(), actual.get("loss"))
        : worst;
  }

  private static Comparison withBits(Comparison loss, double expected, Tensor actual) {
    double bits = actual.floats()[0] / Math.log(2);
    boolean same = Math.round(bits * 1e4) == Math.round(expected * 1e4);
    return new Comparison(
        loss.agrees() && same,
        loss.share(),
        String.format(
            Locale.ROOT,
            "%s; %.4f bits per character, expected %.4f",
            loss.description(),
            bits,
            expected));
  }

  private Comparison generation(Step step, GraphRequest request) {
    var tolerance = Tolerance.of(request.emit().precision());
    return new RecordedGeneration(step, recording).comparedWith(model(request), tolerance);
  }

  private Comparison checkIncremental(Step step, GraphRequest request) {
    var comparison =
        step.kind() == Step.Kind.GREEDY ? generation(step, request) : inPieces(step, request);
    return doubt.about(comparison, step, request);
  }

  private Comparison inPieces(Step step, GraphRequest request) {
    var tolerance = Tolerance.of(request.emit().precision());
    var inputs = recording.inputs(step);
    var sequence = Objects.requireNonNull(inputs.get(SequenceCalls.main(model(request))));
    if (sequence.shape().length < 2 || sequence.shape()[1] == 0) {
      throw new InputException("%s has no positions; record [b, n]".formatted(sequence));
    }
    var run = new IncrementalRun(model(request));
    return ChunkPlans.of((int) sequence.shape()[1]).stream()
        .map(
            split -> {
              var actual = run.outputs(inputs, split);
              actual.keySet().retainAll(step.outputs());
              return outputs
                  .worst(step, actual, tolerance)
                  .in("in %s pieces".formatted(split.size()));
            })
        .max(Comparator.comparingDouble(Comparison::share))
        .orElseThrow();
  }

  private CaseModel model(GraphRequest request) {
    return models.computeIfAbsent(request, this::export);
  }

  private CaseModel export(GraphRequest request) {
    var file = scratch.resolve("%s-%s.onnx".formatted(architecture.className(), models.size()));
    folder.export(request, file, changed, weights -> weights);
    return loader.load(file);
  }

  @Override
  public void close() {
    models.values().forEach(CaseModel::close);
    recording.close();
  }
}
