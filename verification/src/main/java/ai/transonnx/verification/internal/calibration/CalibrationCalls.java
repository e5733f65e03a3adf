package ai.transonnx.verification.internal.calibration;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The calls with which a model of tokens is calibrated: its sequences in windows, each of which
 * starts without a past. An encoder and its decoder get the same windows. Immutable, so threads may
 * share it.
 */
final class CalibrationCalls {
  /** The positions of a window of a model without a limit. */
  private static final int LONGEST_WINDOW = 512;

  /** The positions of a call, if the model's batch is not fixed. */
  private static final int POSITIONS = 2048;

  private static final Set<String> TOKENS =
      Set.of(OnnxModel.TOKENS, OnnxModel.SOURCE, OnnxModel.TARGET);
  private static final Set<String> MASKS = Set.of("mask", "src_mask");

  private final List<TensorSpec> inputs;
  private final ModelMetadata metadata;
  private final List<long[]> windows;
  private final int rows;

  private CalibrationCalls(
      List<TensorSpec> inputs, ModelMetadata metadata, List<long[]> windows, int rows) {
    this.inputs = inputs;
    this.metadata = metadata;
    this.windows = windows;
    this.rows = rows;
  }

  /**
   * Plans the calls. What remains of a sequence after its last whole window is not used; a sequence
   * that is shorter is a window of its own.
   *
   * @param inputs those of the model, with its state
   * @throws InputException if the model has an input that cannot be made from tokens, a token is
   *     not in its vocabulary, or there are too few tokens
   */
  static CalibrationCalls of(
      List<TensorSpec> inputs, ModelMetadata metadata, List<long[]> sequences) {
    var states = new HashSet<String>();
    metadata.state().forEach(pair -> states.add(pair.input()));
    var given = inputs.stream().filter(spec -> !states.contains(spec.name())).toList();
    for (var spec : given) {
      if (!TOKENS.contains(spec.name())
          && !MASKS.contains(spec.name())
          && !spec.name().equals(OnnxModel.START)) {
        throw new InputException(
            "a calibration needs a model of tokens alone; this one also has the input " + spec);
      }
      if (TOKENS.contains(spec.name())) {
        check(metadata, spec, sequences);
      }
    }
    var length = fixed(given, 1);
    int longest =
        (int)
            length.orElse(
                Math.min(
                    LONGEST_WINDOW,
                    Math.min(
                        metadata.longestCall(),
                        metadata.maxSourceLength().orElse(LONGEST_WINDOW))));
    var windows = windows(sequences, longest, length.isPresent());
    int batch = (int) fixed(given, 0).orElse(Math.max(1, POSITIONS / longest));
    return new CalibrationCalls(given, metadata, windows, batch);
  }

  private static OptionalLong fixed(List<TensorSpec> inputs, int axis) {
    return inputs.stream()
        .filter(spec -> TOKENS.contains(spec.name()))
        .map(spec -> spec.fixedSize(axis))
        .filter(OptionalLong::isPresent)
        .findFirst()
        .orElse(OptionalLong.empty());
  }

  private static void check(ModelMetadata metadata, TensorSpec spec, List<long[]> sequences) {
    int count = metadata.numTokens().getOrDefault(spec.name(), Integer.MAX_VALUE);
    for (var sequence : sequences) {
      for (long token : sequence) {
        if (token < 0 || token >= count) {
          throw new InputException(
              "the calibration has token %s; '%s' takes tokens from 0 to %s"
                  .formatted(token, spec.name(), count - 1));
        }
      }
    }
  }

  private static List<long[]> windows(List<long[]> sequences, int length, boolean isFixed) {
    var windows = new ArrayList<long[]>();
    for (var sequence : sequences) {
      for (int start = 0; start + length <= sequence.length; start += length) {
        var window = new long[length];
        System.arraycopy(sequence, start, window, 0, length);
        windows.add(window);
      }
      if (!isFixed && sequence.length > 0 && sequence.length < length) {
        windows.add(sequence);
      }
    }
    if (windows.isEmpty()) {
      throw new InputException(
          "the calibration has too few tokens; it needs a sequence of %s or more"
              .formatted(isFixed ? length : 1));
    }
    return List.copyOf(windows);
  }

  /**
   * Makes the inputs of each call, in order. Windows of one length form batches; if the batch is
   * fixed, the last window is repeated.
   */
  void each(Consumer<Map<String, Tensor>> call) {
    for (int start = 0; start < windows.size(); ) {
      int end = start + 1;
      while (end < windows.size()
          && end - start < rows
          && windows.get(end).length == windows.get(start).length) {
        end++;
      }
      call.accept(inputs(windows.subList(start, end)));
      start = end;
    }
  }

  private Map<String, Tensor> inputs(List<long[]> part) {
    int batch = (int) fixed(inputs, 0).orElse(part.size());
    int length = part.get(0).length;
    var tokens = new long[Math.multiplyExact(batch, length)];
    for (int row = 0; row < batch; row++) {
      System.arraycopy(part.get(Math.min(row, part.size() - 1)), 0, tokens, row * length, length);
    }
    var call = new HashMap<String, Tensor>();
    for (var spec : inputs) {
      call.put(spec.name(), input(spec, tokens, batch, length));
    }
    for (StateTensor pair : metadata.state()) {
      call.put(pair.input(), Tensor.zeros(pair, batch));
    }
    return call;
  }

  private static Tensor input(TensorSpec spec, long[] tokens, int batch, int length) {
    if (TOKENS.contains(spec.name())) {
      return Tensor.ofLongs(tokens, batch, length);
    }
    if (MASKS.contains(spec.name())) {
      var all = new boolean[tokens.length];
      Arrays.fill(all, true);
      return Tensor.ofBooleans(all, batch, length);
    }
    return Tensor.zeros(ElementType.INT64, batch); // no row has padding
  }
}
