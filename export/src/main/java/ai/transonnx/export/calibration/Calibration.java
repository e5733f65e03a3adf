package ai.transonnx.export.calibration;

import java.nio.file.Path;

/**
 * Runs a model before it is quantized, to find the inputs of its matrices. With them, each column
 * of a matrix is rounded such that it compensates for the error of the columns before it, as GPTQ
 * does (Frantar et al., "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained
 * Transformers", 2022).
 *
 * <p>An export calls it from its own thread.
 */
@FunctionalInterface
public interface Calibration {
  /**
   * The moments of a model's inputs. They may be computed when they are requested: the file exists
   * until they are closed.
   *
   * @param model the model in float32, with its external data beside it
   */
  InputMoments moments(Path model);
}
