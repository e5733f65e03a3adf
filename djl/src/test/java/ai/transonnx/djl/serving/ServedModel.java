package ai.transonnx.djl.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.inference.Predictor;
import ai.djl.inference.streaming.ChunkedBytesSupplier;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import ai.transonnx.runtime.NativeRuntime;
import ai.transonnx.runtime.internal.RequestFields;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A model with a {@link ServedTranslator}, and requests to it as DJL Serving makes them. */
record ServedModel(ZooModel<Input, Output> model, Predictor<Input, Output> predictor)
    implements AutoCloseable {
  static final Path GOLDEN = Path.of("../golden-tests");
  static final Path BIBLE = GOLDEN.resolve("trained/x-transformers/bible");
  static final String PROMPT = "And the LORD said";

  static ServedModel load(Path file, Map<String, String> arguments) throws Exception {
    NativeRuntime.start();
    var translator = new ServedTranslator();
    translator.setArguments(arguments);
    var model =
        Criteria.builder()
            .setTypes(Input.class, Output.class)
            .optModelPath(file)
            .optEngine("OnnxRuntime")
            .optOption("intraOpNumThreads", "1")
            .optTranslator(translator)
            .build()
            .loadModel();
    return new ServedModel(model, model.newPredictor());
  }

  static Input input(String type, byte[] body) {
    var input = new Input();
    input.addProperty("Content-Type", type);
    input.add("data", body);
    return input;
  }

  static Input json(String body) {
    return input("application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  Output send(Input input) throws TranslateException {
    return predictor.predict(input);
  }

  /** The body of the response to a request that succeeds. */
  String text(Input input) throws TranslateException {
    var output = send(input);
    var text = text(output);
    assertEquals(200, output.getCode(), text);
    return text;
  }

  /** The JSON of the response to a request that succeeds. */
  JsonNode answer(String body) throws Exception {
    return RequestFields.JSON.readTree(text(json(body)));
  }

  static String text(Output output) {
    return output.getData().getAsString();
  }

  /** The next part of a response that is generated. */
  static String next(Output output) throws InterruptedException {
    var chunks = (ChunkedBytesSupplier) output.getData();
    return new String(chunks.nextChunk(60, TimeUnit.SECONDS), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
