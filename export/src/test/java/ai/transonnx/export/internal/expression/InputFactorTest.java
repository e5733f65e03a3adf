package ai.transonnx.export.internal.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputFactorTest {
  private static final double DAMPING = 0.03;

  /** The second moments of vectors whose elements depend on each other. */
  static double[] moments(int size, int seed) {
    var random = new Random(seed);
    var moments = new double[size * size];
    var x = new double[size];
    for (int n = 0; n < 4 * size; n++) {
      for (int i = 0; i < size; i++) {
        x[i] = random.nextGaussian() + (i > 0 ? 0.8 * x[i - 1] : 0);
      }
      for (int i = 0; i < size * size; i++) {
        moments[i] += x[i / size] * x[i % size];
      }
    }
    return moments;
  }

  /** In other words, {@code inverse(U + I) * H * transpose(inverse(U + I))} is diagonal. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 32, 33, 75})
  void errorsOfCompensatedColumnsAreIndependent(int size) {
    var moments = moments(size, size);
    var damped = moments.clone();
    double trace = 0;
    for (int i = 0; i < size; i++) {
      trace += moments[i * size + i];
    }
    for (int i = 0; i < size; i++) {
      damped[i * size + i] += DAMPING * trace / size;
    }
    var factor = InputFactor.of(moments, size).orElseThrow();
    // An error of 1 of one column alone, after it has been compensated by those after it.
    var errors = new double[size][size];
    for (int k = 0; k < size; k++) {
      errors[k][k] = 1;
      for (int later = k + 1; later < size; later++) {
        for (int i = k; i < later; i++) {
          errors[k][later] -= errors[k][i] * factor.share(i, later);
        }
      }
    }
    for (int a = 0; a < size; a++) {
      for (int b = 0; b < a; b++) {
        double product = 0;
        for (int i = 0; i < size * size; i++) {
          product += errors[a][i / size] * damped[i] * errors[b][i % size];
        }
        assertEquals(0, product / trace, 1e-9, a + " " + b);
      }
    }
  }

  @Test
  void withoutInputsNothingIsCompensated() {
    assertTrue(InputFactor.of(new double[9], 3).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void momentsThatAreNotFiniteAreNotUsed(double moment) {
    assertTrue(InputFactor.of(new double[] {moment}, 1).isEmpty());
  }

  @Test
  void inputsThatNeverVaryAreDamped() {
    var factor = InputFactor.of(new double[] {1, 1, 1, 1}, 2).orElseThrow();
    assertEquals(1 / (1 + DAMPING), factor.share(0, 1), 1e-12);
  }
}
