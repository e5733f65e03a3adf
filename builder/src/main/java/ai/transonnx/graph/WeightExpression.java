package ai.transonnx.graph;

import ai.transonnx.format.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An expression that computes a parameter of the graph from the checkpoint's tensors. The exporter
 * evaluates it; the graph only uses the shape of its result.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public sealed interface WeightExpression
    permits WeightExpression.Stored,
        WeightExpression.Transposed,
        WeightExpression.Rows,
        WeightExpression.Stacked,
        WeightExpression.Selected,
        WeightExpression.PairsSplit,
        WeightExpression.Elementwise,
        QuantizedPart {
  /** The shape of the result, all dimensions fixed. */
  Shape shape();

  /** The checkpoint's tensors that the expression uses, in order. */
  List<Stored> stored();

  /** The expression as text, such as {@code transpose(to_gate.weight)}. */
  String describe();

  /** The expression as text for use before brackets or an operator: a product is in parentheses. */
  default String operand() {
    return describe();
  }

  /** This tensor with each element multiplied by a number. */
  default WeightExpression times(double factor) {
    return factor == 1 ? this : new Scaled(this, factor);
  }

  /** This tensor with a number added to each element. */
  default WeightExpression plus(double addend) {
    return addend == 0 ? this : new Offset(this, addend);
  }

  /** The transpose of this matrix. */
  default WeightExpression transposed() {
    return this instanceof Transposed transposed ? transposed.of : new Transposed(this);
  }

  /**
   * A tensor of the checkpoint, unchanged.
   *
   * @param otherNames names that a checkpoint may have in place of {@code name}
   * @param absent the values to use if the checkpoint lacks the tensor; empty if it is required
   */
  record Stored(String name, List<String> otherNames, Shape shape, Optional<Tensor> absent)
      implements WeightExpression {
    public Stored {
      otherNames = List.copyOf(otherNames);
    }

    /** A tensor that the checkpoint must have. */
    public Stored(String name, Shape shape) {
      this(name, List.of(), shape, Optional.empty());
    }

    /** A tensor that the checkpoint may lack. */
    public Stored(String name, Shape shape, Optional<Tensor> absent) {
      this(name, List.of(), shape, absent);
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

  /** The transpose of a matrix. */
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

  /** Slices {@code from} (inclusive) to {@code to} (exclusive) of the first axis. */
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

  /** Tensors concatenated along the first axis. */
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
   * Slices of the first axis, in any order and with repetitions, as ONNX's {@code Gather} returns
   * them.
   *
   * @param indices indices along the first axis
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

  /**
   * The rows of each group with the first of each pair before the second ones: rows 0, 2, 4 ... 1,
   * 3, 5 ... of the group's first rows, then its other rows.
   *
   * @param size number of rows of a group
   * @param paired number of first rows of a group that form pairs, even
   */
  record PairsSplit(WeightExpression of, long size, long paired) implements WeightExpression {
    public PairsSplit {
      if (of.shape().dim(0).size() % size != 0 || paired % 2 != 0 || paired > size) {
        throw new GraphException(
            "%s of shape %s has no pairs in the first %s of each %s rows"
                .formatted(of.describe(), of.shape(), paired, size));
      }
    }

    /** The index of the source of each row. */
    public List<Long> indices() {
      long rows = of.shape().dim(0).size();
      var indices = new ArrayList<Long>();
      for (long row = 0; row < rows; row++) {
        long place = row % size;
        long half = paired / 2;
        long source = place < half ? 2 * place : place < paired ? 2 * (place - half) + 1 : place;
        indices.add(row - place + source);
      }
      return List.copyOf(indices);
    }

    @Override
    public Shape shape() {
      return of.shape();
    }

    @Override
    public List<Stored> stored() {
      return of.stored();
    }

    @Override
    public String describe() {
      return "splitPairs(%s, %s of %s)".formatted(of.describe(), paired, size);
    }
  }

  /** An expression that changes the elements of one other, but not its shape. */
  sealed interface Elementwise extends WeightExpression {
    /** The other expression. */
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
   * L2 normalization along the last axis, PyTorch's {@code F.normalize}: vectors are divided by
   * their Euclidean norm, or by {@value #LEAST_LENGTH} if it is less.
   */
  record Normalized(WeightExpression of) implements Elementwise {
    /** The least divisor of a vector. */
    public static final double LEAST_LENGTH = 1e-12;

    public Normalized {
      if (of.shape().rank() == 0) {
        throw new GraphException(of.describe() + " is a scalar and cannot be normalized");
      }
    }

    @Override
    public String describe() {
      return "normalize(" + of.describe() + ")";
    }
  }

  /** Each element multiplied by a number. */
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

  /** Each element plus a number. */
  record Offset(WeightExpression of, double addend) implements Elementwise {
    @Override
    public String describe() {
      return of.operand() + " + " + addend;
    }

    @Override
    public String operand() {
      return "(" + describe() + ")";
    }
  }
}
