package ai.transonnx.djl;

import ai.djl.Model;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.djl.translate.TranslateException;
import ai.transonnx.djl.internal.DjlEnvironment;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenVocabulary;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model that DJL has loaded: its inputs and metadata.
 *
 * @param file the ONNX file
 * @param inputs the names of all inputs, including state
 * @param config the configuration that it was exported with
 */
record ModelDescription(Path file, List<String> inputs, ModelMetadata metadata, JsonNode config) {
  static final String SOURCE_MASK = "src_mask";
  static final String MASK = "mask";
  static final String IMAGE = "image";

  ModelDescription {
    inputs = List.copyOf(inputs);
  }

  /**
   * Reads a model's metadata.
   *
   * @throws TranslateException if the model is not on the ONNX Runtime engine, or its metadata is
   *     malformed
   */
  static ModelDescription of(Model model) throws TranslateException {
    if (!(model.getBlock() instanceof OrtSymbolBlock block)) {
      throw new TranslateException(
          model.getName() + " is not loaded by the engine " + DjlEnvironment.ENGINE);
    }
    try {
      var file = file(model);
      var metadata = ModelMetadata.of(file, block.getCustomMetadata());
      var config = new JsonMapper().readTree(metadata.config().orElse("{}"));
      return new ModelDescription(file, block.describeInput().keys(), metadata, config);
    } catch (InferenceException | JsonProcessingException e) {
      throw new TranslateException(e.getMessage(), e);
    }
  }

  /** DJL names a model after its file, without the extension. */
  private static Path file(Model model) {
    return model.getModelPath().resolve(model.getName() + ".onnx");
  }

  /** The directory of the model's files. */
  Path folder() {
    return file.resolveSibling("");
  }

  /** The inputs that are neither state nor among {@code known}, nor set by each session. */
  List<String> otherInputs(String... known) {
    var others = new ArrayList<>(inputs);
    metadata.state().forEach(pair -> others.remove(pair.input()));
    others.remove(OnnxModel.START);
    others.removeAll(List.of(known));
    return others;
  }

  boolean isEncoderDecoder() {
    return inputs.contains(OnnxModel.SOURCE);
  }

  /** The input of the tokens to continue: that of the decoder, in an encoder-decoder. */
  String decoderInput() {
    return isEncoderDecoder() ? OnnxModel.TARGET : OnnxModel.TOKENS;
  }

  /** The tokens that are possible in {@link #decoderInput}. */
  TokenVocabulary decoderVocabulary() {
    return metadata.vocabulary(decoderInput());
  }

  /** The tokens that are possible in a prompt, which is the source of an encoder-decoder. */
  TokenVocabulary promptVocabulary() {
    return metadata.vocabulary(isEncoderDecoder() ? OnnxModel.SOURCE : OnnxModel.TOKENS);
  }

  /**
   * Checks the tokens of a prompt.
   *
   * @throws ai.transonnx.runtime.TokenException if one is not in the vocabulary
   */
  void checkPrompt(long... tokens) {
    promptVocabulary().check(i -> "position " + i, tokens);
  }
}
