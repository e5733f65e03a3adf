package ai.transonnx.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Feeds tokens to a DJL block call by call, and keeps its state (such as the KV cache) between
 * calls. New tokens alone are computed until the context window is full; then, and in a model
 * without state, each call computes the last {@code max_length} tokens from empty state. For one
 * thread.
 */
final class DecodingSession implements AutoCloseable {
  private final Block block;
  private final ModelDescription model;
  private final Map<String, Tensor> otherInputs;
  private final int batch;
  private final int window;
  private final List<NDArray> state = new ArrayList<>();

  private final long[][] history;
  private int length; // of the history
  private int computed;
  private NDManager manager;
  private @Nullable NDManager callManager;
  private float[] logits = {};
  private long[] shape = {}; // of the logits: [b, n, V]

  /**
   * A session that has been fed nothing.
   *
   * @param parent frees the session's arrays when it is closed, unless the session is closed before
   * @param otherInputs the inputs besides tokens and state, [b, m, ...]: the first call gets them
   *     whole, later calls get them empty, [b, 0, ...]
   */
  DecodingSession(
      Block block,
      ModelDescription model,
      NDManager parent,
      Map<String, Tensor> otherInputs,
      int batch) {
    this.block = block;
    this.model = model;
    this.manager = parent.newSubManager();
    this.otherInputs = Map.copyOf(otherInputs);
    this.batch = batch;
    this.window = model.metadata().maxLength().orElse(Integer.MAX_VALUE);
    this.history = new long[batch][0];
  }

  /** Moves the session's arrays to another parent. */
  void moveTo(NDManager parent) {
    manager = parent.newSubManager();
    state.forEach(array -> array.attach(manager));
  }

  /** Feeds tokens, [b, n], to the block. */
  void feed(long[][] tokens) {
    accept(forward(inputs(tokens)));
  }

  /**
   * Appends tokens, [b, n], and returns the inputs of the call that computes their logits. The
   * caller makes that call and passes its outputs to {@link #accept}.
   */
  NDList inputs(long[][] tokens) {
    int n = tokens[0].length;
    append(tokens, n);
    boolean continues = !model.metadata().state().isEmpty() && computed + n <= window;
    int left = continues ? n : Math.min(length, window);
    computed = continues ? computed : 0;
    while (left > room()) {
      int count = room();
      left -= count;
      accept(forward(inputs(count, left)));
    }
    return inputs(left, 0);
  }

  private NDList forward(NDList inputs) {
    return block.forward(new ParameterStore(manager, false), inputs, false);
  }

  /** The maximum number of tokens of the next call. */
  private int room() {
    var metadata = model.metadata();
    return metadata.state().isEmpty() ? Integer.MAX_VALUE : metadata.cacheLayout().room(computed);
  }

  /** The inputs of a call with {@code n} tokens, of which the history has {@code later} after. */
  private NDList inputs(int n, int later) {
    var pairs = model.metadata().state();
    boolean isFirst = computed == 0;
    computed += n;
    var arrays = manager.newSubManager();
    callManager = arrays;
    var list = new NDList();
    list.add(NdTensors.toArray(arrays, model.decoderInput(), tokens(n, later)));
    for (int i = 0; i < pairs.size(); i++) {
      var pair = pairs.get(i);
      var past =
          isFirst
              ? NdTensors.toArray(arrays, pair.input(), Tensor.zeros(pair, batch))
              : state.get(i);
      past.setName(pair.input());
      list.add(past);
    }
    otherInputs.forEach(
        (name, tensor) ->
            list.add(NdTensors.toArray(arrays, name, isFirst ? tensor : withoutPositions(tensor))));
    if (model.inputs().contains(ModelDescription.MASK)
        && !otherInputs.containsKey(ModelDescription.MASK)) {
      list.add(NdTensors.toArray(arrays, ModelDescription.MASK, mask(n)));
    }
    if (model.inputs().contains(OnnxModel.START)) {
      var none = Tensor.zeros(ElementType.INT64, batch); // no row has padding
      list.add(NdTensors.toArray(arrays, OnnxModel.START, none));
    }
    return list;
  }

  /**
   * Stores the outputs of a call: its logits, and the state for the next.
   *
   * @throws RequestException if one is missing
   */
  void accept(NDList outputs) {
    var tensor = NdTensors.toTensor(NdTensors.find(outputs, "logits"));
    logits = tensor.floats();
    shape = tensor.shape();
    state.forEach(NDArray::close);
    state.clear();
    for (var pair : model.metadata().state()) {
      var present = NdTensors.find(outputs, pair.output());
      present.attach(manager);
      state.add(present);
    }
    if (callManager != null) {
      callManager.close();
    }
  }

  /** The number of logits at each position. */
  int vocabulary() {
    return (int) shape[2];
  }

  /** Copies the logits of the token that follows a row. */
  void logits(int row, float[] target) {
    int positions = (int) shape[1];
    int first = ((row + 1) * positions - 1) * vocabulary();
    System.arraycopy(logits, first, target, 0, vocabulary());
  }

  private Tensor tokens(int n, int later) {
    var tokens = new long[batch * n];
    for (int row = 0; row < batch; row++) {
      System.arraycopy(history[row], length - later - n, tokens, row * n, n);
    }
    return Tensor.ofLongs(tokens, batch, n);
  }

  private static Tensor withoutPositions(Tensor tensor) {
    var sizes = tensor.shape();
    sizes[1] = 0;
    return Tensor.zeros(tensor.type(), sizes);
  }

  private Tensor mask(int n) {
    var mask = new boolean[batch * n];
    Arrays.fill(mask, true);
    return Tensor.ofBooleans(mask, batch, n);
  }

  private void append(long[][] tokens, int n) {
    for (int row = 0; row < batch; row++) {
      if (history[row].length < length + n) {
        history[row] = Arrays.copyOf(history[row], Math.max(2 * length, length + n));
      }
      System.arraycopy(tokens[row], 0, history[row], length, n);
    }
    length += n;
  }

  /** Frees the session's arrays. */
  @Override
  public void close() {
    manager.close();
  }
}
