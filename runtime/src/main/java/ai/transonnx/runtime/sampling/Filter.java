package ai.transonnx.runtime.sampling;

/**
 * Removes tokens from the candidates for the next token. {@link TopK}, {@link TopP}, {@link MinP}
 * and {@link TopA} are the usual filters; {@link TopKThreshold} and {@link TopPThreshold} count as
 * the Python libraries do. Other filters can be written:
 *
 * <pre>{@code
 * Filter atLeastOnePercent = candidates -> candidates.keepProbable(p -> p >= 0.01);
 * }</pre>
 */
@FunctionalInterface
public interface Filter {
  /** Removes candidates; those that an earlier filter removed are already gone. */
  void apply(Candidates candidates);
}
