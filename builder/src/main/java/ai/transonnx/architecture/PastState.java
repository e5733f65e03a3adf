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
 * What a model knows of the positions before a call. Layers ask it for their past and hand it their
 * present, and are the same with and without state.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public sealed interface PastState {
  /**
   * State with a new value of the same size in each call, such as a running sum.
   *
   * @param name unique in the model, such as {@code gate_0}
   * @param row the fixed shape for one sequence
   * @return {@code [batch, ...row]}, zeros before the first position
   */
  default Value past(String name, ElementType elements, Shape row) {
    return past(name, StateRole.RECURRENT, elements, row);
  }

  /**
   * State that is empty before the first position.
   *
   * @param name unique in the model, such as {@code keys_0}
   * @param role what a runtime may do with the state
   * @param row the shape for one sequence; a dimension with a name has size 0 at first
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
   * @param first the fixed shape for one sequence before the first position
   * @return {@code [batch, ...row]}
   */
  Value past(String name, StateRole role, ElementType elements, Shape row, Shape first);

  /**
   * What {@link #past} is in the next call.
   *
   * @return the value; where it is used on, a runtime need not make a copy of it
   */
  Value present(String name, Value value);

  /** A model whose past goes in and out as state. */
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
   * A past that is forgotten in calls of a kind, where it is zeros.
   *
   * @param forgets whether the call is of this kind: bool {@code [1]}
   */
  record Resettable(PastState history, Scope scope, Value forgets) implements PastState {
    @Override
    public Value past(String name, StateRole role, ElementType elements, Shape row, Shape first) {
      var past = history.past(name, role, elements, row, first);
      var zero = elements == ElementType.INT64 ? scope.scalar(0L) : scope.scalar(0f);
      return scope.where(forgets, zero, past);
    }

    @Override
    public Value present(String name, Value value) {
      return history.present(name, value);
    }
  }

  /** A model that starts anew with each call: its past is zeros, its present is not kept. */
  final class Empty implements PastState {
    private final Scope scope;
    private final Value tokens;
    private final Map<TensorType, Value> zeros = new HashMap<>();

    /**
     * No history.
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
