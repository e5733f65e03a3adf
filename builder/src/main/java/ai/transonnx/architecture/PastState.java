package ai.transonnx.architecture;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/**
 * The state of a model before a call: caches, memories and recurrent state. A layer reads its past
 * state and writes its present state here, with the same code for models with and without state.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public sealed interface PastState {
  /**
   * State with a new value of the same size in each call, such as a running sum.
   *
   * @param name unique in the model, such as {@code gate_0}
   * @param row the fixed shape for one sequence
   * @return {@code [batch, ...row]}, zeros at the start of a sequence
   */
  default Value past(String name, ElementType elements, Shape row) {
    return past(name, StateRole.RECURRENT, elements, row);
  }

  /**
   * State that is empty at the start of a sequence.
   *
   * @param name unique in the model, such as {@code keys_0}
   * @param role what a runtime may do with the state
   * @param row the shape for one sequence; a named dimension has size 0 at the start
   * @return {@code [batch, ...row]}
   */
  default Value past(String name, StateRole role, ElementType elements, Shape row) {
    var first = row.dims().stream().map(dim -> dim.isFixed() ? dim : Dim.of(0)).toList();
    return past(name, role, elements, row, new Shape(first));
  }

  /**
   * State of any role.
   *
   * @param name unique in the model, such as {@code keys_0}
   * @param role what a runtime may do with the state
   * @param row the shape for one sequence
   * @param first the fixed shape for one sequence at its start
   * @return {@code [batch, ...row]}
   */
  Value past(String name, StateRole role, ElementType elements, Shape row, Shape first);

  /**
   * Sets the value that {@link #past} has in the next call.
   *
   * @return the value. Use it instead of {@code value}, so that a runtime need not copy it
   */
  Value present(String name, Value value);

  /** State that is an input and an output of the model. */
  record Stateful(ModelBuilder model, Dim batch) implements PastState {
    @Override
    public Value past(String name, StateRole role, ElementType elements, Shape row, Shape first) {
      return model.past(
          name, role, new TensorType(elements, withBatch(batch, row)), withBatch(batch, first));
    }

    @Override
    public Value present(String name, Value value) {
      return model.present(name, value);
    }
  }

  /**
   * State that a call may reset to zeros.
   *
   * @param reset whether the call resets the state: bool {@code [1]}
   */
  record Resettable(PastState state, Scope scope, Value reset) implements PastState {
    @Override
    public Value past(String name, StateRole role, ElementType elements, Shape row, Shape first) {
      var past = state.past(name, role, elements, row, first);
      var zero = elements == ElementType.INT64 ? scope.scalar(0L) : scope.scalar(0f);
      return scope.where(reset, zero, past);
    }

    @Override
    public Value present(String name, Value value) {
      return state.present(name, value);
    }
  }

  /**
   * State whose names have a prefix, for layers that a call applies several times.
   *
   * @param prefix precedes each name
   */
  record Renamed(PastState state, String prefix) implements PastState {
    @Override
    public Value past(String name, StateRole role, ElementType elements, Shape row, Shape first) {
      return state.past(prefix + name, role, elements, row, first);
    }

    @Override
    public Value present(String name, Value value) {
      return state.present(prefix + name, value);
    }
  }

  /** No state: the past is zeros in each call, and the present is discarded. */
  final class Empty implements PastState {
    private final Scope scope;
    private final Value tokens;
    private final Map<TensorType, Value> zeros = new HashMap<>();

    /**
     * Creates zeros for a batch.
     *
     * @param tokens any tensor whose first dimension is the batch
     */
    public Empty(Scope scope, Value tokens) {
      this.scope = scope;
      this.tokens = tokens;
    }

    @Override
    public Value past(String name, StateRole role, ElementType elements, Shape row, Shape first) {
      var type = new TensorType(elements, withBatch(tokens.dim(0), first));
      return zeros.computeIfAbsent(type, this::zeros);
    }

    private Value zeros(TensorType type) {
      var row = new long[type.shape().rank() - 1];
      for (int i = 0; i < row.length; i++) {
        row[i] = type.shape().dim(i + 1).size();
      }
      var sizes = scope.concat(0, scope.size(tokens, 0), scope.vector(row));
      var zero =
          type.elements() == ElementType.INT64
              ? Tensor.scalar(0L)
              : Tensor.scalar(type.elements(), 0f);
      return scope.expand(scope.constant(zero), sizes, type.shape());
    }

    @Override
    public Value present(String name, Value value) {
      return value;
    }
  }

  private static Shape withBatch(Dim batch, Shape row) {
    var dims = new ArrayList<Dim>();
    dims.add(batch);
    dims.addAll(row.dims());
    return new Shape(dims);
  }
}
