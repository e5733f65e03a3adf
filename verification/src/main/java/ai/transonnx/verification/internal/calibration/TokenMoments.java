package ai.transonnx.verification.internal.calibration;

import ai.transonnx.InputException;
import ai.transonnx.export.calibration.InputMoments;
import ai.transonnx.format.internal.file.TemporaryFolder;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The second moments of a model's inputs, of all tokens. They are computed when they are requested:
 * those of the next matrices together, as many as fit the memory, in one pass over the tokens. For
 * one thread.
 */
public final class TokenMoments implements InputMoments {
  /** The memory of moments that are computed together, in float32 and in float64. */
  private static final long BUDGET = 256L << 20;

  private static final int BYTES = Float.BYTES + Double.BYTES;

  private final ModelFile file;
  private final ProductMatrices matrices;
  private final CalibrationCalls calls;
  private final TemporaryFolder folder;
  private final Map<String, double[]> known = new HashMap<>();

  private TokenMoments(
      ModelFile file, ProductMatrices matrices, CalibrationCalls calls, TemporaryFolder folder) {
    this.file = file;
    this.matrices = matrices;
    this.calls = calls;
    this.folder = folder;
  }

  /**
   * The moments of a float32 model.
   *
   * @param sequences of tokens
   * @throws InputException if the model has an input that cannot be made from tokens, a token is
   *     not in its vocabulary, or there are too few tokens
   */
  public static TokenMoments of(Path model, List<long[]> sequences) {
    var file = ModelFile.read(model);
    var metadata = ModelMetadata.of(model, file.metadata());
    var calls = CalibrationCalls.of(file.inputs(), metadata, sequences);
    var matrices = ProductMatrices.of(file.proto().getGraph());
    try {
      return new TokenMoments(file, matrices, calls, TemporaryFolder.beside(model));
    } catch (IOException e) {
      throw new InputException(model + ": no folder can be created beside it", e);
    }
  }

  @Override
  public Optional<double[]> of(String weight, int width) {
    var size = matrices.widths().get(weight);
    if (size == null || size != width) {
      return Optional.empty();
    }
    if (!known.containsKey(weight)) {
      known.clear();
      compute(group(weight));
    }
    return Optional.ofNullable(known.remove(weight));
  }

  /** A matrix and those after it whose moments fit the memory. */
  private List<String> group(String first) {
    var group = new ArrayList<String>();
    long bytes = 0;
    for (var matrix : matrices.widths().entrySet()) {
      if (group.isEmpty() && !matrix.getKey().equals(first)) {
        continue;
      }
      bytes += (long) BYTES * matrix.getValue() * matrix.getValue();
      if (!group.isEmpty() && bytes > BUDGET) {
        break;
      }
      group.add(matrix.getKey());
    }
    checkMemory(first, Objects.requireNonNull(matrices.widths().get(first)));
    return group;
  }

  private static void checkMemory(String weight, long width) {
    long heap = Runtime.getRuntime().maxMemory();
    if (Double.BYTES * width * width > heap / 2) {
      throw new InputException(
          "the calibration of '%s' with %s inputs needs %s MiB, and the Java heap has %s MiB; keep it as it is (--quantize-keep), or use a larger heap"
              .formatted(weight, width, 2 * Double.BYTES * width * width >> 20, heap >> 20));
    }
  }

  private void compute(List<String> group) {
    var outputs = group.stream().collect(Collectors.toMap(MomentsModel::output, weight -> weight));
    var proto = MomentsModel.of(file.proto(), matrices, Set.copyOf(group));
    var variant = file.write(proto, folder.path(), "moments");
    try (var model = OnnxModel.load(variant, ModelOptions.defaults())) {
      calls.each(
          inputs ->
              model
                  .run(inputs, outputs.keySet(), new Cancellation())
                  .asMap()
                  .forEach(
                      (name, tensor) ->
                          add(Objects.requireNonNull(outputs.get(name)), tensor.floats())));
    } finally {
      delete(variant);
    }
  }

  private void add(String weight, float[] moments) {
    var sums = known.computeIfAbsent(weight, name -> new double[moments.length]);
    for (int i = 0; i < moments.length; i++) {
      sums[i] += moments[i];
    }
  }

  private static void delete(Path variant) {
    try {
      Files.delete(variant);
    } catch (IOException e) {
      throw new InputException(variant + ": cannot be deleted", e);
    }
  }

  @Override
  public void close() {
    try {
      folder.close();
    } catch (IOException e) {
      throw new InputException(folder.path() + ": cannot be deleted", e);
    }
  }
}
