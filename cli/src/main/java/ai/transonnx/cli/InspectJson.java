package ai.transonnx.cli;

import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.internal.guess.Guess;
import ai.transonnx.verification.ProvenFile;
import ai.transonnx.xtransformers.Release;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** A description of a file as JSON. Sizes are in bytes. Has no state. */
final class InspectJson {
  private static final int FORMAT = 1;

  private InspectJson() {}

  /** An ONNX file, with the proof beside it if there is one. */
  static ObjectNode of(OnnxSummary model, Optional<ProvenFile> proven) {
    var json = object("onnx");
    json.setAll(OnnxJson.of(model));
    proven.ifPresent(file -> json.set("proof", ProofJson.of(file)));
    return json;
  }

  /** A weight file, with the models that it resembles. */
  static ObjectNode of(WeightFile weights, ModelListing models) {
    var json = object("weights");
    json.put("file", weights.path().toString()).put("container", weights.format());
    json.put("bytes", weights.tensors().values().stream().mapToLong(WeightTensor::byteCount).sum());
    addTexts(json, "metadata", weights.metadata());
    var tensors = json.putArray("tensors");
    weights.tensors().values().forEach(tensor -> addTensor(tensors.addObject(), tensor));
    addTexts(json, "unusable", weights.unusable());
    addTexts(json, "others", weights.others());
    var sets = json.putArray("state_dicts");
    weights.sets().forEach(set -> addSet(sets.addObject(), set));
    var list = json.putArray("models");
    models.entries().forEach(model -> addModel(list.addObject(), model));
    return json;
  }

  private static ObjectNode object(String kind) {
    return JsonNodeFactory.instance.objectNode().put("format", FORMAT).put("kind", kind);
  }

  private static void addTexts(ObjectNode json, String key, Map<String, String> texts) {
    var object = json.putObject(key);
    texts.forEach(object::put);
  }

  private static void addTensor(ObjectNode json, WeightTensor tensor) {
    json.put("name", tensor.name()).put("type", tensor.elements().toString());
    var shape = json.putArray("shape");
    LongStream.of(tensor.shape().sizes()).forEach(shape::add);
    json.put("bytes", tensor.byteCount());
  }

  private static void addSet(ObjectNode json, WeightSet set) {
    json.put("key", set.key()).put("tensors", set.tensors().size());
    json.put("bytes", set.tensors().values().stream().mapToLong(WeightTensor::byteCount).sum());
  }

  private static void addModel(ObjectNode json, ModelListing.Entry entry) {
    var guess = entry.guess();
    json.put("weights_key", entry.model().key()).put("weights_prefix", entry.model().prefix());
    json.put("library", guess.library());
    if (!guess.className().isEmpty()) {
      json.put("class", guess.className());
    }
    json.set("document", guess.document());
    guess.origin().ifPresent(releases -> addReleases(json.putObject("releases"), releases));
    addTexts(json, "undetermined", guess.unknown());
  }

  private static void addReleases(ObjectNode json, Guess.Releases releases) {
    var possible = json.putArray("possible");
    releases.possible().releases().stream().map(Release::toString).forEach(possible::add);
    json.put("shown", releases.shown().toString());
  }
}
