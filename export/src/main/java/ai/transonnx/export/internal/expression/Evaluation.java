package ai.transonnx.export.internal.expression;

import ai.transonnx.InputException;
import ai.transonnx.export.calibration.InputMoments;
import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.GraphException;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.QuantizedPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Computes the values of parameters in pieces of bounded size. Not thread-safe.
 *
 * <p>Bytes that the file has in the form of the parameter are copied. Other values are computed in
 * float64. The result is rounded to the nearest float32 unless the parameter is float64, and then
 * to the nearest float16 or bfloat16 if that is the parameter's type.
 */
public final class Evaluation {
  /** The elements of a computed piece. */
  private static final int PIECE = 1 << 19;

  private static final int COPIED_PIECE = 4 << 20;

  private final Binding binding;
  private final QuantizedParts quantized;
  private double[] piece = new double[0];
  private float[] narrowed = new float[0];
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  /** An evaluation that knows nothing of the inputs of matrices. */
  public Evaluation(Binding binding) {
    this(binding, InputMoments.UNKNOWN);
  }

  /**
   * An evaluation.
   *
   * @param moments the inputs of matrices that are quantized
   */
  public Evaluation(Binding binding, InputMoments moments) {
    this.binding = binding;
    this.quantized = new QuantizedParts(binding, moments);
  }

  /**
   * Writes the parameter's elements to {@code sink}, in row-major order and little-endian.
   *
   * @throws ai.transonnx.InputException if an element is too large for the parameter's type
   * @throws GraphException if a parameter of another type than a floating-point type must be
   *     computed
   * @throws IOException from the sink
   */
  public void write(Parameter parameter, Sink sink) throws IOException {
    var spans = CopyRanges.of(parameter.source(), parameter.elements(), binding);
    if (spans.isPresent()) {
      for (var span : spans.get()) {
        copy(span, sink);
      }
    } else if (parameter.source() instanceof QuantizedPart part) {
      quantized.write(part, sink);
    } else if (parameter.elements().isFloatingPoint()) {
      compute(parameter, sink);
    } else {
      throw new GraphException(
          "%s: %s of type %s cannot be computed; only floating-point types can"
              .formatted(parameter.name(), parameter.source().describe(), parameter.elements()));
    }
  }

  private static void copy(CopyRanges.Span span, Sink sink) throws IOException {
    for (long done = 0; done < span.bytes(); done += COPIED_PIECE) {
      int some = (int) Math.min(COPIED_PIECE, span.bytes() - done);
      sink.copy(span.content(), done, some);
    }
  }

  private void compute(Parameter parameter, Sink sink) throws IOException {
    var elements = Elements.of(parameter.source(), binding);
    long count = parameter.shape().elements();
    reserve();
    for (long done = 0; done < count; done += PIECE) {
      int some = (int) Math.min(PIECE, count - done);
      bytes.clear();
      if (!store(parameter.elements(), elements, done, some)) {
        throw tooLarge(parameter, elements, count);
      }
      sink.write(bytes.limit(some * parameter.elements().bytes()));
    }
  }

  /**
   * Computes elements as a type.
   *
   * @return false if a finite element is too large for the type
   */
  private boolean store(ElementType type, Elements elements, long from, int count) {
    if (type == ElementType.FLOAT64) {
      elements.read(from, piece, 0, count);
      bytes.asDoubleBuffer().put(piece, 0, count);
      return true;
    }
    if (!elements.readNarrow(from, count, piece, narrowed)) {
      return false;
    }
    if (type == ElementType.FLOAT32) {
      bytes.asFloatBuffer().put(narrowed, 0, count);
      return true;
    }
    return Narrowing.of(type, narrowed, count, bytes.asShortBuffer());
  }

  private InputException tooLarge(Parameter parameter, Elements elements, long count) {
    double largest = 0;
    for (long done = 0; done < count; done += PIECE) {
      int some = (int) Math.min(PIECE, count - done);
      elements.read(done, piece, 0, some);
      for (int i = 0; i < some; i++) {
        boolean isLarger = Double.isFinite(piece[i]) && Math.abs(piece[i]) > Math.abs(largest);
        largest = isLarger ? piece[i] : largest;
      }
    }
    return binding
        .file()
        .error(
            "'%s': its largest value %s is too large for %s; export it as %s"
                .formatted(
                    parameter.name(),
                    largest,
                    parameter.elements(),
                    wider(parameter.elements(), largest)));
  }

  /** A type that has room for a value that is too large for {@code type}. */
  private static ElementType wider(ElementType type, double value) {
    if (Math.abs(value) > Float.MAX_VALUE) {
      return ElementType.FLOAT64;
    }
    return type == ElementType.FLOAT16 ? ElementType.BFLOAT16 : ElementType.FLOAT32;
  }

  private void reserve() {
    if (piece.length == 0) {
      piece = new double[PIECE];
      narrowed = new float[PIECE];
      bytes = ByteBuffer.allocateDirect(PIECE * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** Receives bytes in order. */
  @FunctionalInterface
  public interface Sink {
    /** Receives the buffer's remaining bytes. The buffer is reused after the call. */
    void write(ByteBuffer bytes) throws IOException;

    /** Receives a range of a file's bytes. A sink that writes a file may copy it directly. */
    default void copy(Content content, long offset, int length) throws IOException {
      write(content.slice(offset, length));
    }
  }
}
