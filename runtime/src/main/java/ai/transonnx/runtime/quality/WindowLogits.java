package ai.transonnx.runtime.quality;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RunException;
import ai.transonnx.runtime.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The logits of a model that stays open. A window is one call, or, of an incremental model, as many
 * as its state allows; calls run when their logits are needed. For one thread.
 */
final class WindowLogits implements LogitsSource {
  private static final String LOGITS = "logits";

  private final TokenModel model;
  private final LogitsBuffer buffer;
  private Map<String, Tensor> state = Map.of();
  private long[] window = {};
  private Cancellation cancellation = new Cancellation();
  private @Nullable Tensor logits; // [rows, at least (end - begin), V], of the newest call
  private int begin;
  private int end;
  private int position;
  private double[] row = {};

  /**
   * The logits of a model.
   *
   * @param buffer receives the logits of a whole window, so their content is lost when another
   *     source with this buffer runs
   */
  WindowLogits(TokenModel model, LogitsBuffer buffer) {
    this.model = model;
    this.buffer = buffer;
  }

  @Override
  public void start(long[] tokens, Cancellation limit) {
    window = tokens;
    cancellation = limit;
    state = model.initialState();
    begin = 0;
    end = 0;
    position = 0;
  }

  @Override
  public double[] next() {
    if (position == end) {
      call();
    }
    var newest = current();
    int vocabulary = (int) newest.shape()[2];
    int index = newest.shape()[1] == 1 ? 0 : position - begin;
    if (row.length != vocabulary) {
      row = new double[vocabulary];
    }
    newest.doubles(index * vocabulary, row);
    position++;
    return row;
  }

  /** The logits of the first row of a call with the whole window, [n, V]. */
  Tensor whole() {
    call();
    return current();
  }

  private Tensor current() {
    if (logits == null) {
      throw new IllegalStateException("no call has run");
    }
    return logits;
  }

  private void call() {
    int left = window.length - end;
    int n = model.isIncremental() ? model.piece(end, left) : left;
    var inputs = new HashMap<>(model.inputs(window, end, n));
    inputs.putAll(state);
    logits = model.isIncremental() ? runOn(inputs) : runWhole(inputs, model.padded(n));
    check(logits, n);
    begin = end;
    end += n;
  }

  private Tensor runOn(Map<String, Tensor> inputs) {
    var outputs = new HashSet<>(Set.of(LOGITS));
    var pairs = model.model().metadata().state();
    pairs.forEach(pair -> outputs.add(pair.output()));
    var results = model.model().run(inputs, outputs, cancellation);
    var next = new HashMap<String, Tensor>();
    pairs.forEach(pair -> next.put(pair.input(), results.get(pair.output())));
    state = next;
    return results.get(LOGITS);
  }

  private Tensor runWhole(Map<String, Tensor> inputs, int n) {
    OnnxModel loaded = model.model();
    if (!model.hasLogitsOf(n)) {
      return loaded.run(inputs, Set.of(LOGITS), cancellation).get(LOGITS);
    }
    var target =
        buffer.tensor(model.logits().type(), model.rows(), n, loaded.vocabulary().orElseThrow());
    loaded.run(inputs, Map.of(LOGITS, target), cancellation);
    return target;
  }

  private void check(Tensor given, int n) {
    long[] shape = given.shape();
    boolean hasPositions =
        shape.length == 3 && (shape[1] >= n || (shape[1] == 1 && n == 1)) && shape[0] >= 1;
    if (!hasPositions || shape[2] < 1) {
      throw new RunException(
          "%s: its logits are %s; expected are %s rows and %s positions"
              .formatted(model.model().file(), given, model.rows(), n));
    }
  }

  @Override
  public void close() {
    logits = null;
  }
}
