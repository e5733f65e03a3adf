package ai.transonnx.cli;

import ai.transonnx.export.Acceptance;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.ModelVerification;
import ai.transonnx.verification.ProvenFile;
import ai.transonnx.verification.report.VerificationProof;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An export whose file must pass its verification before it has its name. */
final class ProvenExport implements Acceptance {
  /** The file did not pass; the message is the summary of its verification. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String summary) {
      super(summary);
    }
  }

  private final Path output;
  private final ModelSource.Described source;
  private final List<Path> cases;
  private final boolean comparesCheckpoint;

  /**
   * A verification of the file that is exported.
   *
   * @param folder a folder with golden cases; empty if the user named none
   * @param quantization of the file; the checkpoint alone does not determine calibrated weights
   */
  ProvenExport(
      Path output,
      ModelSource.Described source,
      Optional<Path> folder,
      QuantizationOptions quantization) {
    this.output = output;
    this.source = source;
    this.comparesCheckpoint = !quantization.isCalibrated();
    this.cases =
        folder
            .map(CaseFolder::below)
            .orElseGet(() -> source.caseFolder().map(List::of).orElse(List.of()));
  }

  @Override
  public Map<String, byte[]> accept(Path model) {
    var verification = ModelVerification.builder(model).name(output.toString());
    cases.forEach(verification::caseFolder);
    if (comparesCheckpoint) {
      compareCheckpoint(verification);
    }
    var report = verification.build().run();
    if (!report.passed()) {
      throw new Refusal(report.summary());
    }
    var proof = VerificationProof.of(report, ProvenFile.sources(cases));
    return Map.of(VerificationProof.SUFFIX, proof.json());
  }

  private void compareCheckpoint(ModelVerification.Builder verification) {
    verification.weights(source.weights());
    if (source.weightsKey() != null) {
      verification.weightsKey(source.weightsKey());
    }
    if (source.weightsPrefix() != null) {
      verification.weightsPrefix(source.weightsPrefix());
    }
  }
}
