package ai.transonnx.djl.serving;

import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.ServingTranslator;
import ai.djl.translate.TranslatorContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@link ServedTranslator} of a directory of {@link ServingPackage}, with the libraries of that
 * directory: other versions in the server, or in other models, have no effect on it.
 */
public final class PackagedTranslator implements ServingTranslator {
  private final ServingTranslator translator;

  /**
   * A translator, as DJL creates it from the jar in {@code libs}.
   *
   * @throws ReflectiveOperationException if the jar is incomplete
   */
  public PackagedTranslator() throws ReflectiveOperationException {
    var jar = PackagedTranslator.class.getProtectionDomain().getCodeSource().getLocation();
    var loader = new PackagedClassLoader(jar, PackagedTranslator.class.getClassLoader());
    this.translator =
        loader
            .loadClass("ai.transonnx.djl.serving.ServedTranslator")
            .asSubclass(ServingTranslator.class)
            .getConstructor()
            .newInstance();
  }

  @Override
  public void setArguments(Map<String, ?> arguments) {
    translator.setArguments(arguments);
  }

  @Override
  public @Nullable Batchifier getBatchifier() {
    return translator.getBatchifier();
  }

  @Override
  public void prepare(TranslatorContext context) throws Exception {
    translator.prepare(context);
  }

  @Override
  public NDList processInput(TranslatorContext context, Input input) throws Exception {
    return translator.processInput(context, input);
  }

  @Override
  public Output processOutput(TranslatorContext context, NDList outputs) throws Exception {
    return translator.processOutput(context, outputs);
  }
}
