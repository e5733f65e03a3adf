package ai.transonnx.djl;

import ai.djl.repository.zoo.Criteria;
import ai.transonnx.djl.internal.DjlEnvironment;
import ai.transonnx.runtime.NativeRuntime;
import ai.transonnx.runtime.internal.DefaultThreads;
import java.nio.file.Path;

/**
 * Loads exported models with DJL.
 *
 * <pre>{@code
 * var criteria = DjlModels.criteria(Path.of("model.onnx"), String.class, String.class)
 *     .optArgument("length", 100).optArgument("greedy", true).build();
 * try (var model = criteria.loadModel(); var predictor = model.newPredictor()) {
 *   String continued = predictor.predict("In the beginning");
 * }
 * }</pre>
 *
 * <p>Models and predictors are DJL's: close predictors before their model, and neither while a
 * thread computes with it, since DJL does not wait and the JVM may then end. Where a service must
 * close under load, {@link ai.transonnx.runtime.OnnxModel} can.
 *
 * @see TransonnxTranslatorFactory the types and arguments that are possible
 */
public final class DjlModels {
  private static final String THREADS = "intraOpNumThreads";

  private DjlModels() {}

  /**
   * Criteria for an exported model, to which more may be added. The option {@code
   * intraOpNumThreads} follows the processors that this process may use, unless it is set again.
   *
   * @param file the ONNX file; {@code tokenizer.json} and {@code synset.txt} are looked for beside
   * @throws ai.transonnx.runtime.DeviceException if ONNX Runtime cannot be loaded
   */
  public static <I, O> Criteria.Builder<I, O> criteria(Path file, Class<I> input, Class<O> output) {
    NativeRuntime.start();
    return Criteria.builder()
        .setTypes(input, output)
        .optModelPath(file)
        .optEngine(DjlEnvironment.ENGINE)
        .optOption(THREADS, Integer.toString(DefaultThreads.get()))
        .optTranslatorFactory(new TransonnxTranslatorFactory());
  }
}
