package ai.transonnx.verification;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.Precision;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Finds disagreements in float16 and bfloat16 that decide nothing. In one kind, rounding the
 * weights alone, with float32 arithmetic, also exceeds the tolerance, as may happen if scores
 * select the keys. In the other, the two best logits of a generation differ by less than two
 * tolerances.
 *
 * @param scratch an existing folder for exported models
 */
record RoundingSensitivity(
    CaseFolder folder, Path scratch, CaseModel.Loader loader, Recording recording) {
  /** The number of random roundings that are tried before a disagreement is a failure. */
  private static final int TRIALS = 8;

  /** The comparison, marked as undecided if it decides nothing. */
  Comparison judge(Comparison comparison, Step step, GraphRequest request) {
    if (comparison.agrees() || !request.emit().precision().isHalf()) {
      return comparison;
    }
    if (step.kind() == Step.Kind.GREEDY) {
      return step.margin().isPresent()
          ? judgeTokens(comparison, step.margin().getAsDouble(), request)
          : comparison;
    }
    boolean isNumeric = Double.isFinite(comparison.share());
    return isNumeric ? judgeNumbers(comparison, step, request) : comparison;
  }

  private Comparison judgeTokens(Comparison comparison, double margin, GraphRequest request) {
    double allowed = Tolerance.of(request.emit().precision()).of(largestLogit());
    return margin > 2 * allowed
        ? comparison
        : comparison.undecided(
            String.format(
                Locale.ROOT,
                "the two best logits differ by only %.2e, and each may be off by %.2e",
                margin,
                allowed));
  }

  private double largestLogit() {
    return folder.steps().stream()
        .filter(step -> step.outputs().contains("logits"))
        .mapToDouble(step -> Comparison.magnitude(recording.output(step, "logits").doubles()))
        .max()
        .orElse(1);
  }

  private Comparison judgeNumbers(Comparison comparison, Step step, GraphRequest request) {
    var exact =
        request.toBuilder()
            .emit(request.emit().withPrecision(Precision.FLOAT32))
            .incremental(false)
            .build();
    var tolerance = Tolerance.of(request.emit().precision());
    var outputs = new StepOutputs(recording);
    var file = scratch.resolve("perturbed.onnx");
    for (int seed = 0; seed < TRIALS; seed++) {
      int trial = seed;
      folder.export(
          exact,
          file,
          model -> model,
          weights ->
              new PerturbedWeights(weights, request.emit().precision().computeType(), trial));
      try (var perturbed = loader.load(file)) {
        var moved = outputs.worst(step, outputs.of(step, perturbed).asMap(), tolerance);
        if (!moved.agrees()) {
          return comparison.undecided(
              "rounding only the weights causes a similar difference: %s"
                  .formatted(moved.description()));
        }
      }
    }
    return comparison;
  }
}
