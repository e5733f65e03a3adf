package ai.transonnx.djl;

import ai.djl.repository.zoo.Criteria;
import ai.transonnx.djl.internal.DjlEnvironment;
import ai.transonnx.runtime.NativeRuntime;
import ai.transonnx.runtime.OnnxModel;
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
 * <p>Close predictors before their model, and close neither while a thread uses it: DJL does not
 * wait for calls in progress, and the JVM may crash. An {@link ai.transonnx.runtime.OnnxModel} can
 * be closed under load.
 *
 * @see TransonnxTranslatorFactory for the types and arguments
 */
public final class DjlModels {
  private static final String THREADS = "intraOpNumThreads";

  private DjlModels() {}

  /**
   * Criteria for an exported model; the caller may add others. The option {@code intraOpNumThreads}
   * is limited to the processors that this process may use.
   *
   * @param file the ONNX file; {@code tokenizer.json} and {@code synset.txt} are read from its
   *     directory, if they exist. The former must come from a trusted source: a hostile one can end
   *     the process
   * @throws ai.transonnx.runtime.ModelException if {@link OnnxModel#check} refuses the file
   * @throws ai.transonnx.runtime.DeviceException if ONNX Runtime cannot be loaded
   */
  public static <I, O> Criteria.Builder<I, O> criteria(Path file, Class<I> input, Class<O> output) {
    OnnxModel.check(file);
    NativeRuntime.start();
    return Criteria.builder()
        .setTypes(input, output)
        .optModelPath(file)
        .optEngine(DjlEnvironment.ENGINE)
        .optOption(THREADS, Integer.toString(DefaultThreads.get()))
        .optTranslatorFactory(new TransonnxTranslatorFactory());
  }
}
