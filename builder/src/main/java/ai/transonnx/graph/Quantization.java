package ai.transonnx.graph;

import ai.transonnx.InputException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How the weights of a model are quantized.
 *
 * <p>The matrices of linear layers and the embedding tables of tokens are divided into blocks along
 * their inputs. A block is stored as integers and one float32 factor, its scale; an element is
 * approximately the integer, minus the block's zero point if there are any, times the scale. The
 * scale, positive or negative, and the zero point are those of least squared error among several.
 * Norms, biases, networks over positions, and whatever is no operand of a matrix product stay
 * float32, and so do matrices with fewer inputs than a block has elements. Tables of position
 * embeddings have int8 if the type is int4, and stay float32 if it is int8. If the number of inputs
 * is no multiple of the block, the last block is shorter.
 *
 * <pre>{@code
 * var emit = EmitOptions.STANDARD.withQuantization(Quantization.of(QuantizedType.INT4));
 * }</pre>
 *
 * <p>Immutable; threads may share it.
 *
 * @param type the integers
 * @param block the number of elements of a block: a power of two from {@value #MIN_BLOCK} to
 *     {@value #MAX_BLOCK}
 * @param hasZeroPoints whether each block also has a zero point, an integer that stands for zero,
 *     so that the integers of a block need not be as many on either side of it
 * @param accuracyLevel how ONNX Runtime's own operator multiplies: 0 or 1 in float32, 2 in float16,
 *     3 in bfloat16, 4 with activations rounded to int8; a processor without a level takes a more
 *     exact one. Only used by {@link Target#ONNXRUNTIME}: for portable models, the session's
 *     settings decide
 * @param keep the weights that stay float32: names of initializers or of modules that contain them;
 *     {@code *} matches any characters
 */
public record Quantization(
    QuantizedType type, int block, boolean hasZeroPoints, int accuracyLevel, List<String> keep) {
  /** The smallest block. */
  public static final int MIN_BLOCK = 16;

  /** The largest block. */
  public static final int MAX_BLOCK = 256;

  private static final int DEFAULT_BLOCK = 32;
  private static final Pattern DESCRIPTION =
      Pattern.compile("([a-z0-9]{1,16}) ([1-9][0-9]{0,3})( zero_points)?( calibrated)?");
  private static final int MAX_ACCURACY_LEVEL = 4;

  /**
   * Checks the options.
   *
   * @throws InputException if the block, the level or a pattern is not valid
   */
  public Quantization {
    if (block < MIN_BLOCK || block > MAX_BLOCK || Integer.bitCount(block) != 1) {
      throw new InputException(
          "a block of %s weights cannot be quantized; it must have 16, 32, 64, 128 or 256"
              .formatted(block));
    }
    if (accuracyLevel < 0 || accuracyLevel > MAX_ACCURACY_LEVEL) {
      throw new InputException(
          "there is no accuracy level %s; it must be from 0 to %s"
              .formatted(accuracyLevel, MAX_ACCURACY_LEVEL));
    }
    keep = List.copyOf(keep);
    if (keep.stream().anyMatch(String::isEmpty)) {
      throw new InputException("a pattern of weights to keep is empty; it must be a name");
    }
  }

  /** Blocks of 32 without zero points, accuracy level 4, and nothing kept. */
  public static Quantization of(QuantizedType type) {
    return new Quantization(type, DEFAULT_BLOCK, false, MAX_ACCURACY_LEVEL, List.of());
  }

  /**
   * The quantization that {@link #toString} describes, as the metadata of a file have it. What it
   * does not describe is as in {@link #of(QuantizedType)}.
   *
   * @param text such as {@code int4 32}; {@code calibrated} may follow, which says how the integers
   *     were found
   * @throws InputException if it describes none
   */
  public static Quantization of(String text) {
    var described = DESCRIPTION.matcher(text);
    if (!described.matches()) {
      throw new InputException(
          "unknown quantization '%s'; expected a type and a block, such as 'int4 32'"
              .formatted(text));
    }
    var quantization =
        of(QuantizedType.of(described.group(1))).withBlock(Integer.parseInt(described.group(2)));
    return described.group(3) == null ? quantization : quantization.withZeroPoints();
  }

  /** This quantization with another size of blocks. */
  public Quantization withBlock(int size) {
    return new Quantization(type, size, hasZeroPoints, accuracyLevel, keep);
  }

  /** This quantization with a zero point for each block. */
  public Quantization withZeroPoints() {
    return new Quantization(type, block, true, accuracyLevel, keep);
  }

  /** This quantization with another accuracy level. */
  public Quantization withAccuracyLevel(int level) {
    return new Quantization(type, block, hasZeroPoints, level, keep);
  }

  /** This quantization with other weights that stay float32. */
  public Quantization withKeep(List<String> patterns) {
    return new Quantization(type, block, hasZeroPoints, accuracyLevel, patterns);
  }

  /** For example {@code int4 32}, or {@code int4 32 zero_points}. */
  @Override
  public String toString() {
    return type + " " + block + (hasZeroPoints ? " zero_points" : "");
  }
}
