package ai.transonnx.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.transonnx.internal.config.Json;
import ai.transonnx.verification.ProvenFile;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The proof of a model file as JSON. Has no state. */
final class ProofJson {
  private ProofJson() {}

  /** Whether the proof belongs to the file, the hash of the file, and the proof. */
  static ObjectNode of(ProvenFile file) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("belongs", file.belongs()).put("sha256", file.sha256());
    json.set("proof", Json.parse(new String(file.proof().json(), UTF_8)));
    return json;
  }
}
