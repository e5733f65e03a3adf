package ai.transonnx.djl.serving;

import ai.djl.Model;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.djl.TransonnxTranslatorFactory;
import ai.transonnx.runtime.internal.RequestFields;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;

/**
 * Answers with a call of the model for each text or image of a request, on the worker's thread.
 *
 * @param <I> the type of a text or image
 * @param <O> the type of its result
 */
final class CalledAnswers<I, O> implements Answers {
  private final Function<RequestContent, Items<I>> reader;
  private final Translator<I, O> translator;
  private final Function<O, JsonNode> writer;

  /**
   * What a request contains.
   *
   * @param isList whether the response is an array
   */
  record Items<I>(List<I> list, boolean isList) {}

  /**
   * Answers by a translator of the {@link TransonnxTranslatorFactory}.
   *
   * @throws ai.transonnx.runtime.RequestException if the model or the arguments do not fit
   */
  CalledAnswers(
      Model model,
      ServingArguments arguments,
      Class<I> input,
      Class<O> output,
      Function<RequestContent, Items<I>> reader,
      Function<O, JsonNode> writer)
      throws TranslateException {
    var others = new HashMap<>(arguments.others());
    for (var name : List.of("tokenizer", "synset")) {
      others.computeIfPresent(
          name, (key, file) -> model.getModelPath().resolve(file.toString()).toString());
    }
    this.reader = reader;
    this.translator = new TransonnxTranslatorFactory().newInstance(input, output, model, others);
    this.writer = writer;
  }

  @Override
  public Output answer(TranslatorContext context, Input input) throws Exception {
    var items = reader.apply(RequestContent.of(input));
    var results = RequestFields.JSON.createArrayNode();
    for (var item : items.list()) {
      results.add(writer.apply(call(context, item)));
    }
    var output = new Output();
    output.addProperty("Content-Type", "application/json");
    output.add((items.isList() ? results : results.get(0)).toString());
    return output;
  }

  private O call(TranslatorContext context, I item) throws Exception {
    try (var manager = context.getNDManager().newSubManager()) {
      NDList inputs = translator.processInput(context, item);
      inputs.attach(manager);
      var outputs = context.getBlock().forward(new ParameterStore(manager, false), inputs, false);
      outputs.attach(manager);
      return translator.processOutput(context, outputs);
    }
  }

  @Override
  public void close() {}
}
