package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.export.calibration.Calibration;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Quantization;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.Target;
import ai.transonnx.verification.TokenCalibration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The quantization of an export. */
final class QuantizationOptions {
  @Option(
      names = "--quantize",
      paramLabel = "int4|int8",
      description =
          "Store weight matrices and embedding tables as integers with a scale for each block of"
              + " inputs: int4 takes about a seventh of float32's size, int8 a quarter. Norms,"
              + " biases and networks over positions stay float32, and so do matrices with fewer"
              + " inputs than a block.")
  private @Nullable String type;

  @Option(
      names = "--quantize-block",
      paramLabel = "N",
      description = "The inputs of a block: 16, 32 (default), 64, 128 or 256.")
  private @Nullable Integer block;

  @Option(
      names = "--quantize-zero-points",
      description =
          "Store a zero point for each block beside its scale: the error is less, and a block of 32"
              + " has 4 (int4) or 8 bits more.")
  private boolean zeroPoints;

  @Option(
      names = "--quantize-keep",
      split = ",",
      paramLabel = "PATTERN",
      description =
          "Weights that stay float32: names of tensors or of modules that contain them, such as"
              + " to_logits or attn_layers.layers.0; * matches any characters.")
  private List<String> keep = List.of();

  @Option(
      names = "--quantize-accuracy",
      paramLabel = "LEVEL",
      description =
          "With --target onnxruntime: how quantized matrices are multiplied. 4 (default):"
              + " activations are rounded to int8, which is fastest; 1: in float32; 0: as the"
              + " runtime chooses; 2: float16; 3: bfloat16.")
  private @Nullable Integer accuracyLevel;

  @Option(
      names = "--calibrate",
      paramLabel = "FILE",
      description =
          "Quantize matrices such that they fit their inputs in a text, by GPTQ's method: a text in"
              + " UTF-8 like those that the model is for, of some ten thousand tokens. They are"
              + " those of --tokenizer, or else bytes.")
  private @Nullable Path calibrationText;

  @Option(
      names = "--calibrate-tokens",
      paramLabel = "FILE",
      description =
          "As --calibrate, with tokens: each line is a sequence of numbers, with commas or spaces"
              + " between them.")
  private @Nullable Path calibrationTokens;

  /**
   * Options with the selected quantization.
   *
   * @throws InputException if the quantization is not valid, does not fit the other options, or has
   *     options but no type
   */
  EmitOptions applied(EmitOptions options) {
    if (type == null) {
      if (isUsed()) {
        throw new InputException(
            "--quantize-block, --quantize-zero-points, --quantize-keep, --quantize-accuracy and"
                + " --calibrate need --quantize int4 or int8");
      }
      return options;
    }
    var quantization = Quantization.of(QuantizedType.of(type)).withKeep(keep);
    if (block != null) {
      quantization = quantization.withBlock(block);
    }
    if (zeroPoints) {
      quantization = quantization.withZeroPoints();
    }
    if (accuracyLevel != null) {
      if (options.target() != Target.ONNXRUNTIME) {
        throw new InputException("--quantize-accuracy needs --target onnxruntime");
      }
      quantization = quantization.withAccuracyLevel(accuracyLevel);
    }
    return options.withQuantization(quantization);
  }

  private boolean isUsed() {
    return block != null
        || zeroPoints
        || accuracyLevel != null
        || !keep.isEmpty()
        || isCalibrated();
  }

  /** Whether weights are quantized with the inputs that matrices have in a text. */
  boolean isCalibrated() {
    return calibrationText != null || calibrationTokens != null;
  }

  /**
   * The calibration, if there is one.
   *
   * @param tokenizer the model's tokenizer; null if its tokens are bytes
   * @throws InputException if the file cannot be read, or both options are used
   */
  Optional<Calibration> calibration(@Nullable Path tokenizer) {
    if (calibrationText != null && calibrationTokens != null) {
      throw new InputException("--calibrate and --calibrate-tokens exclude each other");
    }
    if (calibrationTokens != null) {
      return Optional.of(TokenCalibration.ofTokens(TokenFile.read(calibrationTokens)));
    }
    return Optional.ofNullable(calibrationText)
        .map(TextFile::read)
        .map(text -> TokenCalibration.ofText(text, Optional.ofNullable(tokenizer)));
  }
}
