package ai.transonnx.djl;

import ai.djl.repository.zoo.Criteria;
import ai.transonnx.djl.internal.DjlEnvironment;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.NativeRuntime;
import ai.transonnx.runtime.internal.DefaultThreads;
import java.io.IOException;
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
   *     directory, if they exist
   * @throws ModelException if the file is missing or not a plain file on disk
   * @throws ai.transonnx.runtime.DeviceException if ONNX Runtime cannot be loaded
   */
  public static <I, O> Criteria.Builder<I, O> criteria(Path file, Class<I> input, Class<O> output) {
    try {
      PlainFile.check(file);
    } catch (IOException e) {
      throw new ModelException(file, FileErrors.unreadable(e), e);
    }
    NativeRuntime.start();
    return Criteria.builder()
        .setTypes(input, output)
        .optModelPath(file)
        .optEngine(DjlEnvironment.ENGINE)
        .optOption(THREADS, Integer.toString(DefaultThreads.get()))
        .optTranslatorFactory(new TransonnxTranslatorFactory());
  }
}
