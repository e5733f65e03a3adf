package ai.transonnx.djl.serving;

import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.ServingTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.TransonnxException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of DJL Serving to an exported model. The arguments in {@code
 * serving.properties}, and the schema of requests, are in docs/djl-serving.md.
 *
 * <p>A generation is computed by continuous batching (see {@link
 * ai.transonnx.runtime.serving.GenerationScheduler}); its output is a {@link
 * ai.djl.inference.streaming.ChunkedBytesSupplier}, so that the worker is free for other requests
 * at once. All other tasks are computed by the worker. Threads may share a translator, as DJL's
 * predictors do.
 *
 * <p>A generation takes the model over from DJL, whose other predictors cannot run it then.
 */
public final class ServedTranslator implements ServingTranslator {
  private static final String OUTPUT = "transonnx.output";

  private ServingArguments arguments = ServingArguments.of(Map.of());
  private @Nullable Answers answers; // guarded by this

  /** A translator, as DJL creates it. */
  public ServedTranslator() {}

  /**
   * Sets the arguments of the model.
   *
   * @throws ai.transonnx.runtime.RequestException if one is unknown or has an invalid value
   */
  @Override
  public void setArguments(Map<String, ?> arguments) {
    this.arguments = ServingArguments.of(arguments);
  }

  /** Requests are not stacked: each is answered by itself. */
  @Override
  public @Nullable Batchifier getBatchifier() {
    return null;
  }

  /**
   * Prepares the model, before the first request of each predictor.
   *
   * @throws TranslateException if the model or the arguments do not fit the task
   */
  @Override
  public synchronized void prepare(TranslatorContext context) throws TranslateException {
    if (answers != null) {
      return;
    }
    try {
      var created = new AnswersFactory(context.getModel(), arguments).create();
      context.getModel().getNDManager().attachInternal(UUID.randomUUID().toString(), created);
      answers = created;
    } catch (TransonnxException e) {
      throw new TranslateException(e.getMessage(), e);
    }
  }

  private synchronized Answers answers() {
    if (answers == null) {
      throw new IllegalStateException("the translator is not prepared");
    }
    return answers;
  }

  @Override
  public NDList processInput(TranslatorContext context, Input input) throws Exception {
    context.setAttachment(OUTPUT, answer(context, input));
    return new NDList(); // DJL makes no call then.
  }

  private Output answer(TranslatorContext context, Input input) throws Exception {
    try {
      return answers().answer(context, input);
    } catch (TransonnxException e) {
      return Failure.of(e).output();
    } catch (TranslateException e) {
      return (e.getCause() instanceof TransonnxException cause
              ? Failure.of(cause)
              : Failure.badRequest(String.valueOf(e.getMessage())))
          .output();
    }
  }

  @Override
  public Output processOutput(TranslatorContext context, NDList outputs) {
    return (Output) context.getAttachment(OUTPUT);
  }
}
