package ai.transonnx.cli;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.verification.ProvenFile;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.report.VerificationProof;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The proof of a model file, as lines for a terminal. */
record ProofText(ProvenFile file) {
  List<String> lines() {
    var proof = file.proof();
    var lines = new ArrayList<String>();
    lines.add("verified %s by %s".formatted(proof.time(), proof.tool()));
    lines.add("reference: " + proof.reference().description());
    var structure = proof.structure();
    if (structure != null) {
      lines.add(
          String.format(
              Locale.ROOT,
              "structure: %s, error %.2g of the magnitude, %.2g allowed",
              structure.description(),
              structure.error(),
              structure.tolerance()));
    }
    if (!proof.cases().isEmpty()) {
      lines.add(
          proof.cases().stream()
              .map(VerificationProof.Source::name)
              .collect(Collectors.joining(", ", "cases: ", "")));
    }
    proof.runtimes().forEach(runtime -> lines.add(line(runtime)));
    lines.add("sha256: " + proof.sha256());
    return lines.stream().map(Printable::of).toList();
  }

  private static String line(VerificationProof.RuntimeResult runtime) {
    var fingerprint = runtime.fingerprint();
    var worst = runtime.worst();
    if (runtime.status() != Status.PASSED || fingerprint == null || worst == null) {
      return "%s: %s".formatted(runtime.name(), runtime.status().name().toLowerCase(Locale.ROOT));
    }
    return String.format(
        Locale.ROOT,
        "%s: %s %s, %s calls, worst %s in %s: error %.2g, %.2g allowed",
        runtime.name(),
        fingerprint.runtime(),
        fingerprint.version(),
        runtime.calls(),
        worst.tensor(),
        worst.call(),
        worst.error(),
        worst.tolerance());
  }

  /** Whether the proof belongs to the file, in one line. */
  String verdict() {
    return file.belongs()
        ? "the proof belongs to this file"
        : "the proof belongs to another file: the SHA-256 of this one is " + file.sha256();
  }
}
