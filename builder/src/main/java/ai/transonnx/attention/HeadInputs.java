package ai.transonnx.attention;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queries, keys and values of attention. Immutable; threads may share it.
 *
 * @param query the projection of queries; without a similarity, its scale is the scale of the
 *     scores
 * @param key the projection of keys; if it has one head, all query heads share it
 * @param value the projection of values; null if the keys are the values
 * @param latents the latent features that the projections take; null for the input itself
 * @param mixing computes all heads' queries from one head; null if the query projection has all
 *     heads
 * @param onQueriesAndKeys transforms of queries and keys before they are rotated
 * @param onValues transforms of values
 * @param memory learned memory keys and values, or null
 * @param exponential attends to the exponentials of values; null for the values themselves
 * @param zeroKey whether a key and a value of zeros precede all others
 */
public record HeadInputs(
    HeadProjection query,
    HeadProjection key,
    @Nullable HeadProjection value,
    @Nullable Latents latents,
    @Nullable CollaborativeHeads mixing,
    List<QueryKeyTransform> onQueriesAndKeys,
    List<ValueTransform> onValues,
    @Nullable MemoryKeyValues memory,
    @Nullable ExponentialValues exponential,
    boolean zeroKey) {
  public HeadInputs {
    onQueriesAndKeys = List.copyOf(onQueriesAndKeys);
    onValues = List.copyOf(onValues);
  }

  /** Whether queries, keys and values are projections and nothing else. */
  boolean isPlain() {
    return value != null
        && latents == null
        && mixing == null
        && onQueriesAndKeys.isEmpty()
        && onValues.isEmpty()
        && memory == null
        && exponential == null
        && !zeroKey;
  }

  /** Whether a call's keys and values are its own, one for each position and head. */
  boolean areWholeHeads() {
    return value != null
        && latents == null
        && mixing == null
        && memory == null
        && exponential == null
        && !zeroKey;
  }

  /** These inputs with the first {@code count} features of queries and keys reordered. */
  HeadInputs withSplitPairs(long count) {
    return new HeadInputs(
        query.withSplitPairs(count),
        key.withSplitPairs(count),
        value,
        latents,
        mixing,
        onQueriesAndKeys,
        onValues,
        memory,
        exponential,
        zeroKey);
  }

  /** The number of heads of queries. */
  int heads() {
    return mixing == null ? query.heads() : mixing.heads();
  }

  /** The number of heads of keys. */
  public int keyHeads() {
    return key.heads() + (latents == null ? 0 : latents.rotatedHeads());
  }

  /** The number of keys before those of the sequence. */
  int leadingKeys() {
    return (zeroKey ? 1 : 0) + (memory == null ? 0 : memory.count());
  }

  /**
   * Whether keys, but those of heads that are computed from the input itself, and values are
   * projections of latent features and nothing else.
   */
  boolean areOfLatents() {
    return latents != null
        && latents.keyValueDim() != null
        && value != null
        && onQueriesAndKeys.isEmpty()
        && onValues.isEmpty()
        && exponential == null;
  }

  /** The number of features of the input that keys and values are computed from. */
  public long keyDim() {
    return latents == null || latents.keyValueDim() == null ? key.dim() : latents.dim();
  }

  /** The heads that share heads of keys. */
  HeadGroups keyGroups() {
    return new HeadGroups(heads(), keyHeads());
  }

  /** The heads that share heads of values. */
  HeadGroups valueGroups() {
    return new HeadGroups(heads(), value == null ? keyHeads() : value.heads());
  }
}
