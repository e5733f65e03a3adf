package ai.transonnx.graph;

import ai.transonnx.format.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a parameter of the graph is made of the checkpoint's tensors. The exporter evaluates it; the
 * graph only knows the outcome's shape.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public sealed interface WeightExpression {
  /** The shape of the outcome, all dimensions fixed. */
  Shape shape();

  /** The checkpoint's tensors that the outcome is made of, in order. */
  List<Stored> stored();

  /** For people: what the outcome is made of, such as {@code transpose(to_gate.weight)}. */
  String describe();

  /** The same where it stands before brackets or an operator: a product in parentheses. */
  default String operand() {
    return describe();
  }

  /** This with every element times a number. */
  default WeightExpression times(double factor) {
    return factor == 1 ? this : new Scaled(this, factor);
  }

  /** This matrix with its rows as columns. */
  default WeightExpression transposed() {
    return this instanceof Transposed transposed ? transposed.of : new Transposed(this);
  }

  /**
   * A tensor of the checkpoint as it is.
   *
   * @param absent its values where the checkpoint lacks it; nothing if it must not
   */
  record Stored(String name, Shape shape, Optional<Tensor> absent) implements WeightExpression {
    /** A tensor that a checkpoint must have. */
    public Stored(String name, Shape shape) {
      this(name, shape, Optional.empty());
    }

    @Override
    public List<Stored> stored() {
      return List.of(this);
    }

    @Override
    public String describe() {
      return name;
    }
  }

  /** A matrix with its rows as columns. */
  record Transposed(WeightExpression of) implements WeightExpression {
    public Transposed {
      if (of.shape().rank() != 2) {
        throw new GraphException(of.describe() + " of shape " + of.shape() + " is not a matrix");
      }
    }

    @Override
    public Shape shape() {
      return Shape.of(of.shape().dim(1), of.shape().dim(0));
    }

    @Override
    public List<Stored> stored() {
      return of.stored();
    }

    @Override
    public String describe() {
      return "transpose(" + of.describe() + ")";
    }
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive), counted along the first axis. */
  record Rows(WeightExpression of, long from, long to) implements WeightExpression {
    public Rows {
      if (from < 0 || to < from || to > of.shape().dim(0).size()) {
        throw new GraphException(
            "%s of shape %s has no rows %s to %s".formatted(of.describe(), of.shape(), from, to));
      }
    }

    @Override
    public Shape shape() {
      return of.shape().with(0, Dim.of(to - from));
    }

    @Override
    public List<Stored> stored() {
      return of.stored();
    }

    @Override
    public String describe() {
      return of.operand() + "[" + from + ":" + to + "]";
    }
  }

  /** Tensors one after the other along the first axis. */
  record Stacked(List<WeightExpression> parts) implements WeightExpression {
    public Stacked {
      parts = List.copyOf(parts);
      var first = parts.get(0).shape();
      for (var part : parts) {
        if (!part.shape().with(0, first.dim(0)).equals(first)) {
          throw new GraphException(
              "%s of shape %s cannot be stacked on %s of shape %s"
                  .formatted(part.describe(), part.shape(), parts.get(0).describe(), first));
        }
      }
    }

    @Override
    public Shape shape() {
      long rows = parts.stream().mapToLong(p -> p.shape().dim(0).size()).sum();
      return parts.get(0).shape().with(0, Dim.of(rows));
    }

    @Override
    public List<Stored> stored() {
      return parts.stream().flatMap(part -> part.stored().stream()).toList();
    }

    @Override
    public String describe() {
      return parts.stream()
          .map(WeightExpression::describe)
          .collect(Collectors.joining(", ", "stack(", ")"));
    }
  }

  /**
   * Some rows, in any order and any number of times, as looking indices up would give.
   *
   * @param indices of rows along the first axis
   */
  record Selected(WeightExpression of, List<Long> indices) implements WeightExpression {
    public Selected {
      indices = List.copyOf(indices);
      long rows = of.shape().dim(0).size();
      for (long index : indices) {
        if (index < 0 || index >= rows) {
          throw new GraphException(
              "%s of shape %s has no row %s".formatted(of.describe(), of.shape(), index));
        }
      }
    }

    @Override
    public Shape shape() {
      return of.shape().with(0, Dim.of(indices.size()));
    }

    @Override
    public List<Stored> stored() {
      return of.stored();
    }

    @Override
    public String describe() {
      var runs = new ArrayList<String>();
      for (int i = 0, end; i < indices.size(); i = end) {
        long first = indices.get(i);
        end = i + 1;
        while (end < indices.size() && indices.get(end) == first) {
          end++;
        }
        runs.add(end - i == 1 ? Long.toString(first) : first + " x " + (end - i));
      }
      return of.operand() + runs;
    }
  }

  /** Other elements in the places of those of one derivation. */
  sealed interface Elementwise extends WeightExpression {
    /** What it is made of. */
    WeightExpression of();

    @Override
    default Shape shape() {
      return of().shape();
    }

    @Override
    default List<Stored> stored() {
      return of().stored();
    }
  }

  /**
   * Vectors of length 1 along the last axis, as PyTorch's {@code F.normalize} makes them: divided
   * by their length, or by {@value #LEAST_LENGTH} if they are shorter.
   */
  record Normalized(WeightExpression of) implements Elementwise {
    /** What a vector is divided by at least. */
    public static final double LEAST_LENGTH = 1e-12;

    public Normalized {
      if (of.shape().rank() == 0) {
        throw new GraphException(of.describe() + " is no vector");
      }
    }

    @Override
    public String describe() {
      return "normalize(" + of.describe() + ")";
    }
  }

  /** Every element times a number. */
  record Scaled(WeightExpression of, double factor) implements Elementwise {
    @Override
    public String describe() {
      return of.operand() + " * " + factor;
    }

    @Override
    public String operand() {
      return "(" + describe() + ")";
    }
  }
}
