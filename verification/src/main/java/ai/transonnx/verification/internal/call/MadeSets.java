package ai.transonnx.verification.internal.call;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The sets of inputs that are made for a model without inputs from the user. */
public final class MadeSets {
  private static final int BATCH = 2;

  /** Lengths of calls without state. */
  private static final List<Integer> LENGTHS = List.of(24, 7, 130);

  /** The number of calls with state of whole calls. */
  private static final int WHOLE_CALLS = 3;

  private MadeSets() {}

  /**
   * Sets of inputs that cover the sizes of a model.
   *
   * @param seed equal seeds give equal inputs
   * @throws ai.transonnx.InputException if inputs would be too large
   */
  public static List<InputSet> of(CallModel model, long seed) {
    int longest = model.metadata().maxLength().orElse(Integer.MAX_VALUE);
    if (model.isIncremental()) {
      var chunks = new ChunkSizes(model.metadata().cacheLayout());
      return List.of(set(model, seed, BATCH, chunks.length(longest)));
    }
    if (!model.metadata().state().isEmpty()) {
      return wholeCalls(model, seed, Math.min(longest, LENGTHS.get(0)));
    }
    return sizes(model, seed, longest);
  }

  private static List<InputSet> wholeCalls(CallModel model, long seed, int length) {
    var sets = new ArrayList<InputSet>();
    for (int i = 0; i < WHOLE_CALLS; i++) {
      sets.add(set(model, seed + i, BATCH, length));
    }
    return sets;
  }

  private static List<InputSet> sizes(CallModel model, long seed, int longest) {
    Set<Integer> lengths = new LinkedHashSet<>();
    if (model.length().isPresent()) {
      LENGTHS.forEach(length -> lengths.add(Math.min(length, longest)));
    } else {
      lengths.add(Math.min(LENGTHS.get(0), longest));
    }
    var sets = new ArrayList<InputSet>();
    int batch = BATCH;
    for (int length : lengths) {
      sets.add(set(model, seed + sets.size(), batch, length));
      batch = 1;
    }
    if (lengths.size() == 1 && model.batch().isPresent()) {
      sets.add(set(model, seed + 1, 1, lengths.iterator().next()));
    }
    return sets;
  }

  private static InputSet set(CallModel model, long seed, int batch, int length) {
    return InputSet.made(new MadeInputs(model, seed).of(batch, length));
  }
}
