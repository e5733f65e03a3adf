package ai.transonnx.internal.config;

import java.util.Optional;

/** The options that a library has at one release. Implementations are immutable. */
public interface Availability {
  /** A library with one release, which has all options. */
  Availability ALL =
      new Availability() {
        @Override
        public boolean has(ReleaseRange releases) {
          return true;
        }

        @Override
        public boolean ignores(Class<? extends Record> type, String key) {
          return false;
        }
      };

  /** Whether the release is one of these. */
  boolean has(ReleaseRange releases);

  /**
   * Whether a class ignores a keyword argument that it does not have, instead of raising an error.
   *
   * @param type the configuration of the class
   */
  boolean ignores(Class<? extends Record> type, String key);

  /** The reason for which an option of the library is not supported; empty for others. */
  default Optional<String> refusal(String key) {
    return Optional.empty();
  }
}
