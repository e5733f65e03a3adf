package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.Fingerprint;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The hash of the weights, which takes longest: begun before the arguments are parsed. */
final class EarlyFingerprint {
  private static final String OPTION = "--weights";

  private EarlyFingerprint() {}

  /**
   * Begins to hash the file of {@code --weights FILE} or {@code --weights=FILE}, if there is one.
   * What is wrong with it is left to be said when the weights are opened.
   *
   * @param args the arguments as they are given
   */
  static Optional<Fingerprint> of(String... args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(OPTION + "=")) {
        return begun(args[i].substring(OPTION.length() + 1));
      }
      if (args[i].equals(OPTION) && i + 1 < args.length) {
        return begun(args[i + 1]);
      }
    }
    return Optional.empty();
  }

  private static Optional<Fingerprint> begun(String file) {
    try {
      return Optional.of(Fingerprint.start(Path.of(file)));
    } catch (InputException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
