package ai.transonnx.export.calibration;

import java.util.Optional;

/**
 * The second moments of the vectors that weight matrices are multiplied with.
 *
 * <p>For one thread.
 */
public interface InputMoments extends AutoCloseable {
  /** The moments of no weight. */
  InputMoments UNKNOWN =
      new InputMoments() {
        @Override
        public Optional<double[]> of(String weight, int width) {
          return Optional.empty();
        }

        @Override
        public void close() {}
      };

  /**
   * The second moments of the inputs of a weight: the sum of {@code x * transpose(x)} over vectors
   * {@code x}.
   *
   * @param weight the name of the weight's initializer in the float32 model
   * @param width the number of elements of {@code x}
   * @return the symmetric matrix {@code [width, width]} in row-major order, which the caller may
   *     change; empty if the weight's inputs are not known
   */
  Optional<double[]> of(String weight, int width);

  @Override
  void close();
}
