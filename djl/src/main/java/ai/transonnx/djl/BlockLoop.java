package ai.transonnx.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Feeds tokens to a DJL block one call after the other, and holds its state between calls: new
 * tokens alone while the state reaches, else the last {@code max_length} of them from zeros on.
 */
final class BlockLoop implements AutoCloseable {
  private final Block block;
  private final ModelDescription model;
  private final Map<String, Tensor> fixed;
  private final int batch;
  private final int window;
  private final List<NDArray> state = new ArrayList<>();

  private final long[][] history;
  private int length; // of the history
  private int computed;
  private NDManager manager;
  private @Nullable NDManager call;
  private float[] logits = {};
  private long[] shape = {}; // of the logits: [b, n, V]

  /**
   * A loop that has been fed nothing.
   *
   * @param parent of what the loop holds until it is closed
   * @param fixed inputs besides tokens and state, [b, m, ...]: a call that starts from zeros is
   *     given all of each, one that goes on is given none, [b, 0, ...]
   */
  BlockLoop(
      Block block, ModelDescription model, NDManager parent, Map<String, Tensor> fixed, int batch) {
    this.block = block;
    this.model = model;
    this.manager = parent.newSubManager();
    this.fixed = Map.copyOf(fixed);
    this.batch = batch;
    this.window = model.metadata().maxLength().orElse(Integer.MAX_VALUE);
    this.history = new long[batch][0];
  }

  /** Makes what the loop holds last longer: until it is closed, or another manager is. */
  void moveTo(NDManager parent) {
    manager = parent.newSubManager();
    state.forEach(array -> array.attach(manager));
  }

  /** Feeds tokens, [b, n], to the block. */
  void feed(long[][] tokens) {
    accept(block.forward(new ParameterStore(manager, false), call(tokens), false));
  }

  /** The inputs of a call with more tokens, for whoever calls the block. */
  NDList call(long[][] tokens) {
    int n = tokens[0].length;
    append(tokens, n);
    boolean continues = !model.metadata().state().isEmpty() && computed + n <= window;
    int rest = continues ? n : Math.min(length, window);
    computed = continues ? computed : 0;
    while (rest > room()) {
      int count = room();
      rest -= count;
      accept(block.forward(new ParameterStore(manager, false), inputs(count, rest), false));
    }
    return inputs(rest, 0);
  }

  /** How many tokens the next call may have. */
  private int room() {
    var metadata = model.metadata();
    return metadata.state().isEmpty() ? Integer.MAX_VALUE : metadata.slots().room(computed);
  }

  /** The inputs of a call with tokens that so many others follow. */
  private NDList inputs(int n, int behind) {
    var pairs = model.metadata().state();
    boolean fresh = computed == 0;
    computed += n;
    var arrays = manager.newSubManager();
    call = arrays;
    var list = new NDList();
    list.add(NdTensors.toArray(arrays, model.sequence(), tokens(n, behind)));
    for (int i = 0; i < pairs.size(); i++) {
      var pair = pairs.get(i);
      var past =
          fresh ? NdTensors.toArray(arrays, pair.input(), Tensor.zeros(pair, batch)) : state.get(i);
      past.setName(pair.input());
      list.add(past);
    }
    fixed.forEach(
        (name, tensor) -> list.add(NdTensors.toArray(arrays, name, fresh ? tensor : none(tensor))));
    if (model.inputs().contains(ModelDescription.MASK)
        && !fixed.containsKey(ModelDescription.MASK)) {
      list.add(NdTensors.toArray(arrays, ModelDescription.MASK, kept(n)));
    }
    return list;
  }

  /** Takes the outputs of the call: the state and the last logits. */
  void accept(NDList outputs) {
    var byName = new LinkedHashMap<String, NDArray>();
    outputs.forEach(array -> byName.put(array.getName(), array));
    var found = byName.get("logits");
    if (found == null) {
      throw new RequestException(
          "the model gives %s, but no logits to continue with".formatted(byName.keySet()));
    }
    var tensor = NdTensors.toTensor(found);
    logits = tensor.floats();
    shape = tensor.shape();
    state.forEach(NDArray::close);
    state.clear();
    for (var pair : model.metadata().state()) {
      var present = byName.get(pair.output());
      if (present == null) {
        throw new RequestException("the model does not give " + pair.output());
      }
      present.attach(manager);
      state.add(present);
    }
    if (call != null) {
      call.close();
    }
  }

  /** How many tokens are scored. */
  int vocabulary() {
    return (int) shape[2];
  }

  /** Reads the logits that follow the last token of a row. */
  void logits(int row, float[] into) {
    int positions = (int) shape[1];
    int first = ((row + 1) * positions - 1) * vocabulary();
    System.arraycopy(logits, first, into, 0, vocabulary());
  }

  private Tensor tokens(int n, int behind) {
    var tokens = new long[batch * n];
    for (int row = 0; row < batch; row++) {
      System.arraycopy(history[row], length - behind - n, tokens, row * n, n);
    }
    return Tensor.ofLongs(tokens, batch, n);
  }

  private static Tensor none(Tensor tensor) {
    var sizes = tensor.shape();
    sizes[1] = 0;
    return Tensor.zeros(tensor.type(), sizes);
  }

  private Tensor kept(int n) {
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

  @Override
  public void close() {
    manager.close();
  }
}
