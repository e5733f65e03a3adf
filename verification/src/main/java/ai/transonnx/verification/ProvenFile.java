package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.report.VerificationProof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model file with the proof beside it, which an export with a verification writes. Immutable, so
 * threads may share it.
 *
 * @param proof the recorded results
 * @param sha256 the hash of the file as it is now
 */
public record ProvenFile(VerificationProof proof, String sha256) {
  /**
   * Reads the proof beside a model, {@code MODEL.onnx.proof.json}, and hashes the model.
   *
   * @return empty if there is no proof
   * @throws InputException if the proof is malformed, or the model cannot be read
   */
  public static Optional<ProvenFile> read(Path model) {
    var file = VerificationProof.beside(model);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var proof = VerificationProof.read(file);
    return Optional.of(
        new ProvenFile(proof, FileIdentity.fingerprint(ModelFile.read(model)).hex()));
  }

  /** Whether the proof belongs to the file as it is now. */
  public boolean belongs() {
    return proof.sha256().equals(sha256);
  }

  /**
   * The hashes of golden cases, for a proof.
   *
   * @throws InputException if a case cannot be read
   */
  public static List<VerificationProof.Source> sources(List<Path> cases) {
    var sources = new ArrayList<VerificationProof.Source>();
    for (var path : cases) {
      var folder = CaseFolder.read(path);
      var hash = Fingerprint.start(folder.files()).hex();
      sources.add(new VerificationProof.Source(folder.name(), hash));
    }
    return sources;
  }
}
