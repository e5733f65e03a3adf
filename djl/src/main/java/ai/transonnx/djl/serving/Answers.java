package ai.transonnx.djl.serving;

import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.translate.TranslatorContext;

/** Answers the requests to one loaded model. Threads may share it. */
interface Answers extends AutoCloseable {
  /**
   * Answers a request; the content of the answer may be complete later.
   *
   * @throws Exception a {@link ai.transonnx.TransonnxException} or a {@link
   *     ai.djl.translate.TranslateException} if the request is refused
   */
  Output answer(TranslatorContext context, Input input) throws Exception;

  /** Ends all that is in progress. */
  @Override
  void close();
}
