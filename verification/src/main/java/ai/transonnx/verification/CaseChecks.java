package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Model;
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
 * The checks of one golden case. Each recorded step is compared with the exported model. If the
 * class is incremental, each recorded call is also run in chunks with a KV cache or other state,
 * and each generation with state.
 *
 * <p>In float16 and bfloat16, a disagreement is a failure unless {@link RoundingSensitivity} finds
 * it undecided.
 *
 * <p>Each graph is exported once, into the caller's folder. The models stay open until this is
 * closed. For one thread.
 */
public final class CaseChecks implements AutoCloseable {
  private final CaseFolder folder;
  private final Path scratch;
  private final CaseModel.Loader loader;
  private final EmitOptions emit;
  private final UnaryOperator<Model> rewrite;
  private final Architecture architecture;
  private final Recording recording;
  private final StepOutputs outputs;
  private final RoundingSensitivity sensitivity;
  private final Map<GraphRequest, CaseModel> models = new HashMap<>();

  /**
   * Prepares the checks of a case.
   *
   * @param scratch an existing folder for the exported models
   * @param loader opens the exported models with the runtime under test
   * @param emit the opset, target and precision of each graph
   * @param rewrite changes each model before it is exported
   * @throws ai.transonnx.InputException if the case's configuration or tensors are not valid
   */
  public CaseChecks(
      CaseFolder folder,
      Path scratch,
      CaseModel.Loader loader,
      EmitOptions emit,
      UnaryOperator<Model> rewrite) {
    this.folder = folder;
    this.scratch = scratch;
    this.loader = loader;
    this.emit = emit;
    this.rewrite = rewrite;
    this.architecture = folder.architecture();
    this.recording = Recording.open(folder.tensors(), emit.precision());
    this.outputs = new StepOutputs(recording);
    this.sensitivity = new RoundingSensitivity(folder, scratch, loader, recording);
  }

  /**
   * Prepares the checks of a case with {@link OnnxModel} as its runtime.
   *
   * @param scratch an existing folder for the exported models
   * @param emit the opset, target and precision of each graph
   * @throws ai.transonnx.InputException if the case's configuration or tensors are not valid
   */
  public CaseChecks(CaseFolder folder, Path scratch, ModelOptions options, EmitOptions emit) {
    this(folder, scratch, loader(options), emit, UnaryOperator.identity());
  }

  /** Loads models as {@link OnnxModel}. */
  public static CaseModel.Loader loader(ModelOptions options) {
    return file -> new NativeCaseModel(OnnxModel.load(file, options));
  }

  /**
   * The request for the graph of a step.
   *
   * @throws ai.transonnx.InputException if the case's tensors are not valid
   */
  public static GraphRequest request(CaseFolder folder, Step step) {
    try (var recording = Recording.open(folder.tensors())) {
      return StepRequest.of(folder.architecture(), step, recording);
    }
  }

  /** All checks of the case, in the order of its steps. They run when they are called. */
  public List<Check> all() {
    var checks = new ArrayList<Check>();
    for (var step : folder.steps()) {
      var request = StepRequest.of(architecture, step, recording).toBuilder().emit(emit).build();
      checks.add(new Check("step " + step.index(), () -> check(step, request)));
      boolean canBeStateful = step.kind() != Step.Kind.LOSS && !request.incremental();
      if (canBeStateful && architecture.isIncremental(request) && hasSequences(step, request)) {
        checks.add(
            new Check(
                "step %s incrementally".formatted(step.index()),
                () -> checkIncremental(step, request.toBuilder().incremental(true).build())));
      }
    }
    return checks;
  }

  /** Whether a recorded output can be computed in chunks, unlike attention maps and state. */
  private boolean hasSequences(Step step, GraphRequest request) {
    if (step.kind() == Step.Kind.GREEDY) {
      return true;
    }
    var sequences = new HashSet<>(step.outputs());
    sequences.removeIf(name -> !IncrementalRun.isSequence(recording.output(step, name)));
    if (!sequences.isEmpty()) {
      var state = architecture.build(request.toBuilder().incremental(true).build()).state();
      state.forEach(pair -> sequences.remove(RecordedCall.recordedName(pair.output())));
    }
    return !sequences.isEmpty();
  }

  private Comparison check(Step step, GraphRequest request) {
    if (step.kind() == Step.Kind.GREEDY) {
      return sensitivity.judge(generation(step, request), step, request);
    }
    return sensitivity.judge(forward(step, request), step, request);
  }

  private Comparison forward(Step step, GraphRequest request) {
    var actual = outputs.of(step, model(request));
    var worst = outputs.worst(step, actual.asMap(), Tolerance.of(request.emit().precision()));
    return step.bitsPerCharacter().isPresent() && !request.emit().precision().isHalf()
        ? withBits(worst, step.bitsPerCharacter().getAsDouble(), actual.get("loss"))
        : worst;
  }

  private static Comparison withBits(Comparison loss, double expected, Tensor actual) {
    double bits = actual.doubles()[0] / Math.log(2);
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
        step.kind() == Step.Kind.GREEDY ? generation(step, request) : inChunks(step, request);
    return sensitivity.judge(comparison, step, request);
  }

  private Comparison inChunks(Step step, GraphRequest request) {
    var tolerance = Tolerance.of(request.emit().precision());
    var inputs = recording.inputs(step);
    var sequence = Objects.requireNonNull(inputs.get(SequenceCalls.mainInput(model(request))));
    if (sequence.shape().length < 2 || sequence.shape()[1] == 0) {
      throw new InputException(
          "%s has no positions; record a tensor of shape [b, n]".formatted(sequence));
    }
    var run = new IncrementalRun(model(request));
    return ChunkPlans.of((int) sequence.shape()[1]).stream()
        .map(
            chunks -> {
              var actual = run.outputs(inputs, chunks);
              actual.keySet().retainAll(step.outputs());
              return outputs
                  .worst(step, actual, tolerance)
                  .in("in %s chunks".formatted(chunks.size()));
            })
        .max(Comparator.comparingDouble(Comparison::share))
        .orElseThrow();
  }

  private CaseModel model(GraphRequest request) {
    return models.computeIfAbsent(request, this::export);
  }

  private CaseModel export(GraphRequest request) {
    var file = scratch.resolve("%s-%s.onnx".formatted(architecture.className(), models.size()));
    folder.export(request, file, rewrite, weights -> weights);
    return loader.load(file);
  }

  @Override
  public void close() {
    models.values().forEach(CaseModel::close);
    recording.close();
  }
}
