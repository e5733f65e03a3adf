package ai.transonnx.runtime.quality;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A model from {@code tokens} alone to {@code logits}, and the calls that it takes.
 *
 * @param tokens int64 [b, n]
 * @param logits floating-point [b, n, V], or [b, 1, V] of a model that returns the last position
 */
record TokenModel(OnnxModel model, TensorSpec tokens, TensorSpec logits) {
  private static final String LOGITS = "logits";

  /** The logits of a call that continues a sequence. */
  private static final int PIECE_LOGITS = 1 << 22;

  /**
   * Checks a model.
   *
   * @throws ModelException if it has other inputs, no logits, or logits of the last position only
   *     in calls of several
   */
  static TokenModel of(OnnxModel model) {
    var signature = model.signature();
    var logits = signature.output(LOGITS).orElseThrow(() -> unfit(model, "it has no logits"));
    var tokens =
        signature.input(OnnxModel.TOKENS).orElseThrow(() -> unfit(model, "it has no tokens"));
    var others = new TreeMap<>(signature.inputs());
    others.remove(OnnxModel.TOKENS);
    others.remove(OnnxModel.START);
    model.metadata().state().forEach(pair -> others.remove(pair.input()));
    if (!others.isEmpty()) {
      throw unfit(
          model,
          "it has inputs besides tokens, for which a text has no values: " + others.values());
    }
    if (tokens.type() != ElementType.INT64 || tokens.rank() != 2) {
      throw unfit(model, tokens + " is not int64 [b, n]");
    }
    if (!logits.type().isFloatingPoint() || logits.rank() != 3) {
      throw unfit(model, logits + " is not floating-point [b, n, V]");
    }
    var checked = new TokenModel(model, tokens, logits);
    if (hasLastLogits(model) && !checked.isIncremental() && checked.longestCall() > 1) {
      throw unfit(
          model,
          "it returns the logits of the last position only; export it without --logits last");
    }
    return checked;
  }

  private static ModelException unfit(OnnxModel model, String why) {
    return new ModelException(model.file(), "it cannot be compared over tokens: " + why);
  }

  /** Whether a call continues the one before it. */
  boolean isIncremental() {
    var metadata = model.metadata();
    return metadata.incremental() && !metadata.state().isEmpty();
  }

  /** Whether a model returns the logits of one position. */
  static boolean hasLastLogits(OnnxModel model) {
    var logits = model.signature().output(LOGITS);
    return logits.filter(o -> o.rank() == 3 && o.fixedSize(1).orElse(0) == 1).isPresent();
  }

  /** The number of rows of a call. */
  int rows() {
    return Math.toIntExact(tokens.fixedSize(0).orElse(1));
  }

  /** The number of positions of every call, if it is fixed. */
  OptionalInt callLength() {
    var size = tokens.fixedSize(1);
    return size.isPresent()
        ? OptionalInt.of((int) Math.min(size.getAsLong(), Integer.MAX_VALUE))
        : OptionalInt.empty();
  }

  private int longestCall() {
    return Math.min(callLength().orElse(Integer.MAX_VALUE), model.metadata().longestCall());
  }

  /** The maximum number of positions of a window. */
  int longestWindow() {
    if (!isIncremental()) {
      return longestCall();
    }
    int longest = model.metadata().maxLength().orElse(Integer.MAX_VALUE);
    return longest - longest % callLength().orElse(1);
  }

  /**
   * The number of positions of the next call of an incremental model.
   *
   * @param before the number of positions before it
   * @param left the number of positions of the window that are left
   */
  int piece(int before, int left) {
    int most = hasLastLogits(model) ? 1 : PIECE_LOGITS / model.vocabulary().orElse(PIECE_LOGITS);
    int room = model.metadata().cacheLayout().room(before);
    int n = Math.min(left, Math.min(Math.max(1, most), room));
    return Math.min(n, callLength().orElse(n));
  }

  /** The number of positions of a call for {@code n} of a window; those after them are padding. */
  int padded(int n) {
    return callLength().orElse(n);
  }

  /**
   * The shape of the logits of a whole window, if it is known before the call.
   *
   * @param n the positions of the call
   */
  boolean hasLogitsOf(int n) {
    var dims = logits.dims();
    var ofTokens = tokens.dims();
    boolean hasRows =
        dims.get(0).equals(ofTokens.get(0)) || logits.fixedSize(0).orElse(-1) == rows();
    boolean hasPositions =
        dims.get(1).equals(ofTokens.get(1)) || logits.fixedSize(1).orElse(-1) == n;
    return hasRows && hasPositions && !dims.get(0).isUnknown() && model.vocabulary().isPresent();
  }

  /**
   * The inputs of a call other than its state: each row has the same tokens, followed by padding.
   */
  Map<String, Tensor> inputs(long[] window, int from, int n) {
    int rows = rows();
    int length = padded(n);
    var values = new long[Math.multiplyExact(rows, length)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(window, from, values, row * length, n);
    }
    var inputs = new HashMap<String, Tensor>();
    inputs.put(OnnxModel.TOKENS, Tensor.ofLongs(values, rows, length));
    if (model.signature().input(OnnxModel.START).isPresent()) {
      inputs.put(OnnxModel.START, Tensor.zeros(ElementType.INT64, rows)); // no row has padding
    }
    return inputs;
  }

  /** The state before a window. */
  Map<String, Tensor> initialState() {
    var state = new HashMap<String, Tensor>();
    for (StateTensor pair : model.metadata().state()) {
      state.put(pair.input(), Tensor.zeros(pair, rows()));
    }
    return state;
  }
}
