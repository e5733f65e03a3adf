package ai.transonnx.djl;

import ai.djl.Model;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.djl.translate.TranslateException;
import ai.transonnx.djl.internal.DjlEnvironment;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenException;
import ai.transonnx.runtime.TokenVocabulary;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What a model that DJL has loaded says of itself.
 *
 * @param folder where the model's files are
 * @param inputs the names of what it takes, state and all
 * @param config the configuration that it was exported with
 */
record ModelDescription(Path folder, List<String> inputs, ModelMetadata metadata, JsonNode config) {
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
      var metadata = ModelMetadata.of(Path.of(model.getName()), block.getCustomMetadata());
      var config = new JsonMapper().readTree(metadata.config().orElse("{}"));
      return new ModelDescription(
          model.getModelPath(), block.describeInput().keys(), metadata, config);
    } catch (InferenceException | JsonProcessingException e) {
      throw new TranslateException(e.getMessage(), e);
    }
  }

  /** The inputs that go round. */
  List<String> stateInputs() {
    return metadata.state().stream().map(pair -> pair.input()).toList();
  }

  /** The inputs that are neither state nor one of {@code known}. */
  List<String> others(String... known) {
    var others = new ArrayList<>(inputs);
    others.removeAll(stateInputs());
    others.removeAll(List.of(known));
    return others;
  }

  /** Whether it goes from a source to a target. */
  boolean isTranslation() {
    return inputs.contains(OnnxModel.SOURCE);
  }

  /** The input that grows token by token. */
  String sequence() {
    return isTranslation() ? OnnxModel.TARGET : OnnxModel.TOKENS;
  }

  /** The tokens of what the model is to go on from: a source, if it takes one. */
  TokenVocabulary promptTokens() {
    return metadata.tokenRange(isTranslation() ? OnnxModel.SOURCE : OnnxModel.TOKENS);
  }

  /** Checks the tokens of what the model is to go on from. */
  void checkPrompt(long... tokens) throws TranslateException {
    check(promptTokens(), i -> "position " + i, tokens);
  }

  /** As {@link TokenVocabulary#check}, in the kind of exception that a translator throws. */
  static void check(TokenVocabulary range, IntFunction<String> place, long... tokens)
      throws TranslateException {
    try {
      range.check(place, tokens);
    } catch (TokenException e) {
      throw new TranslateException(e.getMessage(), e);
    }
  }

  /** The tokens of what grows. */
  TokenVocabulary sequenceTokens() {
    return metadata.tokenRange(sequence());
  }
}
