package ai.transonnx.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.TransonnxException;

/**
 * Reports this project's exceptions as {@link TranslateException}s with the same message: DJL would
 * prefix the message of an unchecked exception with the name of its class.
 */
record ReportingTranslator<I, O>(NoBatchifyTranslator<I, O> translator)
    implements NoBatchifyTranslator<I, O> {
  @Override
  public NDList processInput(TranslatorContext context, I input) throws Exception {
    try {
      return translator.processInput(context, input);
    } catch (TransonnxException e) {
      throw new TranslateException(e.getMessage(), e);
    }
  }

  @Override
  public O processOutput(TranslatorContext context, NDList outputs) throws Exception {
    try {
      return translator.processOutput(context, outputs);
    } catch (TransonnxException e) {
      throw new TranslateException(e.getMessage(), e);
    }
  }
}
