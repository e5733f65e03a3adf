package ai.transonnx.djl.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.Model;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.translate.TranslateException;
import ai.transonnx.djl.TextScore;
import ai.transonnx.djl.serving.CalledAnswers.Items;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.internal.RequestFields;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/** Creates the {@link Answers} of a model, by its task. */
final class AnswersFactory {
  private static final int MAX_TEXTS = 256;
  private static final int CLASSES = 5;
  private static final String IMAGE = "image";

  private final Model model;
  private final ServingArguments arguments;

  AnswersFactory(Model model, ServingArguments arguments) {
    this.model = model;
    this.arguments = arguments;
  }

  /**
   * The answers of the task in the arguments, or of the model's usual one.
   *
   * @throws ai.transonnx.TransonnxException if the model or the arguments do not fit the task
   */
  Answers create() throws TranslateException {
    var inputs = model.describeInput().keys();
    boolean isImage = inputs.contains(IMAGE);
    var task = arguments.task().orElse(usual(inputs));
    return switch (task) {
      case GENERATION -> new GenerationAnswers(model, file(), arguments);
      case CLASSIFICATION ->
          new CalledAnswers<>(
              model,
              arguments,
              Image.class,
              Classifications.class,
              ImageContent::read,
              AnswersFactory::classes);
      case EMBEDDING ->
          isImage
              ? new CalledAnswers<>(
                  model,
                  arguments,
                  Image.class,
                  float[].class,
                  ImageContent::read,
                  AnswersFactory::vector)
              : new CalledAnswers<>(
                  model,
                  arguments,
                  String.class,
                  float[].class,
                  AnswersFactory::texts,
                  AnswersFactory::vector);
      case SCORE ->
          new CalledAnswers<>(
              model,
              arguments,
              String.class,
              TextScore.class,
              AnswersFactory::texts,
              AnswersFactory::score);
    };
  }

  /** DJL does not know the outputs before the first call. */
  private static ServedTask usual(List<String> inputs) {
    return inputs.contains(IMAGE) ? ServedTask.CLASSIFICATION : ServedTask.GENERATION;
  }

  /** DJL names a model after its file, without the extension. */
  private Path file() {
    return model.getModelPath().resolve(model.getName() + ".onnx");
  }

  private static Items<String> texts(RequestContent content) {
    if (!content.isJson()) {
      return new Items<>(List.of(new String(content.bytes(), UTF_8)), false);
    }
    var fields =
        RequestFields.of(content.bytes(), (field, message) -> new RequestException(message));
    var texts = fields.texts("inputs", 1, MAX_TEXTS);
    boolean isList = fields.node("inputs").isArray();
    fields.text("model_name");
    fields.end();
    if (texts.isEmpty()) {
      throw new RequestException("'inputs' is missing: a text or an array of texts");
    }
    return new Items<>(texts, isList);
  }

  private static JsonNode vector(float... vector) {
    var json = RequestFields.JSON.createArrayNode();
    for (float value : vector) {
      json.add(value);
    }
    return json;
  }

  private static JsonNode score(TextScore score) {
    var json =
        RequestFields.JSON
            .createObjectNode()
            .put("log_likelihood", score.logLikelihood())
            .put("bits_per_token", score.bitsPerToken());
    score.bits().forEach(json.putArray("bits")::add);
    return json;
  }

  private static JsonNode classes(Classifications classes) {
    var json = RequestFields.JSON.createArrayNode();
    for (var one : classes.<Classifications.Classification>topK(CLASSES)) {
      json.addObject()
          .put("className", one.getClassName())
          .put("probability", one.getProbability());
    }
    return json;
  }
}
