package ai.transonnx.runtime.sampling;

/**
 * Takes tokens away from those that may come next. The libraries' filters are {@link TopK}, {@link
 * TopKThreshold}, {@link TopP} and {@link TopA}; others can be written:
 *
 * <pre>{@code
 * Filter atLeastOnePercent = candidates -> candidates.keepProbable(p -> p >= 0.01);
 * }</pre>
 */
@FunctionalInterface
public interface Filter {
  /** Takes tokens away; what was taken by an earlier filter is no longer there. */
  void apply(Candidates candidates);
}
