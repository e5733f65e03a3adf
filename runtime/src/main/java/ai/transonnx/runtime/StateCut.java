package ai.transonnx.runtime;

import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * Cuts the state of a sequence after some of its positions. This is possible if every position has
 * slots of its own in buffers and all other state counts positions or belongs to a context; sums,
 * rings and groups mix positions.
 *
 * @param model the model of the state
 */
record StateCut(OnnxModel model) {
  /** Whether states of the model can be cut, in loops with this {@link ContextOverflow}. */
  boolean isPossible(ContextOverflow overflow) {
    var metadata = model.metadata();
    var layout = metadata.cacheLayout();
    return metadata.slidingWindow(overflow).isEmpty()
        && layout.ring().isEmpty()
        && layout.segmentLength().isEmpty()
        && metadata.state().stream().allMatch(pair -> isPossible(pair.role()));
  }

  private static boolean isPossible(StateRole role) {
    return switch (role) {
      case BUFFER, CONTEXT, COUNTER, WINDOW -> true;
      case RECURRENT, MEMORY, RING, GROUP -> false;
    };
  }

  /**
   * The state of the first {@code n} positions of one row, without unused slots. Its logits are
   * those of the whole state.
   */
  LoopState first(LoopState state, int n) {
    var pairs = model.metadata().state();
    int used = (int) model.metadata().cacheLayout().used(n);
    var tensors = new ArrayList<Tensor>();
    for (int i = 0; i < pairs.size(); i++) {
      var tensor = state.state().get(i);
      var pair = pairs.get(i);
      boolean counts = pair.role() == StateRole.COUNTER;
      long more = state.computed() - n;
      tensors.add(
          counts
              ? Tensor.ofLongs(Arrays.stream(tensor.longs()).map(all -> all - more).toArray(), 1)
              : first(pair, tensor, used));
    }
    long[][] tokens = {Arrays.copyOf(state.tokens()[0], n)};
    return new LoopState(n, n, tokens, tensors, state.logits(), state.weights());
  }

  private static Tensor first(StateTensor pair, Tensor tensor, int used) {
    int axis = pair.growingAxis();
    var shape = tensor.shape();
    if (axis < 0 || shape[axis] <= used) {
      return tensor;
    }
    int slot = size(tensor, axis + 1, shape.length) * pair.type().bytes();
    int all = (int) shape[axis] * slot;
    int blocks = size(tensor, 0, axis);
    shape[axis] = used;
    var cut = Tensor.zeros(pair.type(), shape);
    for (int block = 0; block < blocks; block++) {
      cut.buffer().put(block * used * slot, tensor.buffer(), block * all, used * slot);
    }
    return cut;
  }

  private static int size(Tensor tensor, int from, int to) {
    return (int) Arrays.stream(tensor.shape(), from, to).reduce(1, (a, b) -> a * b);
  }
}
