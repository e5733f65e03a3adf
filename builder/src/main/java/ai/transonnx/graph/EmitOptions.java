package ai.transonnx.graph;

import ai.transonnx.InputException;
import java.util.Optional;

/**
 * The operators, the precision and the quantization that a graph is built with.
 *
 * <p>Immutable; threads may share it.
 *
 * @param opset the version of ONNX's operator set
 * @param target the runtime that the graph is built for
 * @param precision the element type in which matrices are stored and multiplied
 * @param quantization how weights are quantized; empty if they are not
 * @param cacheType the type of the KV cache; empty if it is that of the precision
 */
public record EmitOptions(
    int opset,
    Target target,
    Precision precision,
    Optional<Quantization> quantization,
    Optional<CacheType> cacheType) {
  /** The oldest supported opset. */
  public static final int MIN_OPSET = 17;

  /** The newest supported opset. */
  public static final int MAX_OPSET = 23;

  /** The oldest opset in which standard operators can express quantized matrices. */
  public static final int MIN_QUANTIZED_OPSET = 21;

  /** The newest supported opset, portable, in float32. */
  public static final EmitOptions STANDARD =
      new EmitOptions(MAX_OPSET, Target.PORTABLE, Precision.FLOAT32);

  /**
   * Checks the options.
   *
   * @throws InputException if {@code opset} is outside of {@link #MIN_OPSET} to {@link #MAX_OPSET},
   *     or weights are to be quantized in another precision than float32, or portably in an opset
   *     before {@link #MIN_QUANTIZED_OPSET}, or a type of the KV cache is given in another
   *     precision than float32
   */
  public EmitOptions {
    if (opset < MIN_OPSET || opset > MAX_OPSET) {
      throw new InputException(
          "opset %s is not supported; it must be from %s to %s"
              .formatted(opset, MIN_OPSET, MAX_OPSET));
    }
    if (quantization.isPresent()) {
      checkQuantized(opset, target, precision);
    }
    if (cacheType.isPresent() && precision != Precision.FLOAT32) {
      throw new InputException(
          "a model of dtype %s has a cache of %s, so cache dtype %s does not apply to it; omit one of them"
              .formatted(precision, precision, cacheType.get()));
    }
  }

  private static void checkQuantized(int opset, Target target, Precision precision) {
    if (precision != Precision.FLOAT32) {
      throw new InputException(
          "a quantized model computes in float32, so dtype %s does not apply to it; omit one of them"
              .formatted(precision));
    }
    if (target == Target.PORTABLE && opset < MIN_QUANTIZED_OPSET) {
      throw new InputException(
          "opset %s has no quantized matrices; a portable model needs opset %s or newer, or target onnxruntime"
              .formatted(opset, MIN_QUANTIZED_OPSET));
    }
  }

  /** Options without quantization, with a KV cache in the type of the precision. */
  public EmitOptions(int opset, Target target, Precision precision) {
    this(opset, target, precision, Optional.empty(), Optional.empty());
  }

  /** These options with another opset. */
  public EmitOptions withOpset(int version) {
    return new EmitOptions(version, target, precision, quantization, cacheType);
  }

  /** These options with another target. */
  public EmitOptions withTarget(Target wanted) {
    return new EmitOptions(opset, wanted, precision, quantization, cacheType);
  }

  /** These options with another precision. */
  public EmitOptions withPrecision(Precision wanted) {
    return new EmitOptions(opset, target, wanted, quantization, cacheType);
  }

  /** These options with weights that are not quantized. */
  public EmitOptions withoutQuantization() {
    return new EmitOptions(opset, target, precision, Optional.empty(), cacheType);
  }

  /** These options with quantized weights. */
  public EmitOptions withQuantization(Quantization wanted) {
    return new EmitOptions(opset, target, precision, Optional.of(wanted), cacheType);
  }

  /** These options with another type of the KV cache. */
  public EmitOptions withCacheType(CacheType wanted) {
    return new EmitOptions(opset, target, precision, quantization, Optional.of(wanted));
  }

  /** These options with a KV cache in the type of the precision. */
  public EmitOptions withoutCacheType() {
    return new EmitOptions(opset, target, precision, quantization, Optional.empty());
  }
}
