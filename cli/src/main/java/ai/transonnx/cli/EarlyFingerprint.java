package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.Fingerprint;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Starts hashing the weights, the slowest part of an export, before the arguments are parsed. */
final class EarlyFingerprint {
  private static final String OPTION = "--weights";

  private EarlyFingerprint() {}

  /**
   * Starts hashing the file of {@code --weights FILE} or {@code --weights=FILE}. An invalid file is
   * not reported here, but when the weights are opened.
   *
   * @param args the unparsed arguments
   * @return empty if there is no such option, or the file cannot be read
   */
  static Optional<Fingerprint> of(String... args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(OPTION + "=")) {
        return start(args[i].substring(OPTION.length() + 1));
      }
      if (args[i].equals(OPTION) && i + 1 < args.length) {
        return start(args[i + 1]);
      }
    }
    return Optional.empty();
  }

  private static Optional<Fingerprint> start(String file) {
    try {
      return Optional.of(Fingerprint.start(Path.of(file)));
    } catch (InputException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
