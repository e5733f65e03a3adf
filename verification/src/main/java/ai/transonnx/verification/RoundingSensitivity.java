package ai.transonnx.verification;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.Precision;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Whether a disagreement in half precision says anything. It does not where rounding nothing but
 * the weights, in float32 arithmetic, moves the result beyond the tolerance, too (as where keys are
 * chosen by their scores), or where the logits of a generation are closer than two tolerances.
 *
 * @param scratch an existing folder
 */
record RoundingSensitivity(
    CaseFolder folder, Path scratch, CaseModel.Loader loader, Recording recording) {
  /** How many roundings of the weights are tried before a disagreement counts. */
  private static final int SHAKINGS = 8;

  /** The comparison, undecided if it says nothing. */
  Comparison about(Comparison comparison, Step step, GraphRequest request) {
    if (comparison.agrees() || request.emit().precision() == Precision.FLOAT32) {
      return comparison;
    }
    if (step.kind() == Step.Kind.GREEDY) {
      return step.margin().isPresent()
          ? aboutTokens(comparison, step.margin().getAsDouble(), request)
          : comparison;
    }
    boolean isOfNumbers = Double.isFinite(comparison.share());
    return isOfNumbers ? aboutNumbers(comparison, step, request) : comparison;
  }

  private Comparison aboutTokens(Comparison comparison, double margin, GraphRequest request) {
    double allowed = Tolerance.of(request.emit().precision()).of(largestLogit());
    return margin > 2 * allowed
        ? comparison
        : comparison.undecided(
            String.format(
                Locale.ROOT,
                "two logits are only %.2e apart, of which each may be off by %.2e",
                margin,
                allowed));
  }

  private double largestLogit() {
    return folder.steps().stream()
        .filter(step -> step.outputs().contains("logits"))
        .mapToDouble(step -> Comparison.magnitude(recording.output(step, "logits").floats()))
        .max()
        .orElse(1);
  }

  private Comparison aboutNumbers(Comparison comparison, Step step, GraphRequest request) {
    var exact =
        request.toBuilder()
            .emit(request.emit().withPrecision(Precision.FLOAT32))
            .incremental(false)
            .build();
    var tolerance = Tolerance.of(request.emit().precision());
    var outputs = new StepOutputs(recording);
    var file = scratch.resolve("shaken.onnx");
    for (int seed = 0; seed < SHAKINGS; seed++) {
      int chance = seed;
      folder.export(
          exact,
          file,
          model -> model,
          weights ->
              new PerturbedWeights(weights, request.emit().precision().computeType(), chance));
      try (var shaken = loader.load(file)) {
        var moved = outputs.worst(step, outputs.of(step, shaken).asMap(), tolerance);
        if (!moved.agrees()) {
          return comparison.undecided(
              "with nothing but its weights rounded, %s".formatted(moved.description()));
        }
      }
    }
    return comparison;
  }
}
