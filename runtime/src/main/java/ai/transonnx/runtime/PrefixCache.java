package ai.transonnx.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The states of prompts, so that a prompt that begins like an earlier one, such as with the same
 * system prompt, is not computed from its start. Tokens are compared exactly. When the states
 * exceed a limit, those that were used least recently are dropped. Threads may share it.
 *
 * <p>The state of a model with a KV cache serves every prompt with a common beginning, however
 * short it is. Other state, such as running sums, sliding windows or groups, mixes positions, so it
 * serves prompts that begin with all of its tokens. {@link #departure} tells where to keep it.
 *
 * <pre>{@code
 * long[] prompt = {72, 101, 108};
 * var prefixes = new PrefixCache(model, 256L << 20); // 256 MiB
 * try (var loop = TokenLoop.of(model)) {
 *   int known = prefixes.restore(loop, prompt);
 *   if (known < prompt.length) {
 *     loop.feed(Arrays.copyOfRange(prompt, known, prompt.length));
 *   }
 *   prefixes.keep(loop);
 * }
 * }</pre>
 */
public final class PrefixCache {
  /** Shorter beginnings are sooner computed than kept. */
  private static final int MIN_DEPARTURE = 16;

  private final OnnxModel model;
  private final StateCut cut;
  private final long limit;
  private final List<Entry> entries = new ArrayList<>(); // the most recently used is the last
  private long bytes;

  /** The state after some tokens. */
  private record Entry(ContextOverflow overflow, long[] tokens, LoopState state) {
    long bytes() {
      return state.bytes() + (long) tokens.length * Long.BYTES;
    }

    /** The length of the common beginning. */
    int common(long[] prompt) {
      int mismatch = Arrays.mismatch(tokens, prompt);
      return mismatch < 0 ? prompt.length : mismatch;
    }
  }

  /**
   * An empty cache.
   *
   * @param limit the maximum size of all states together, in bytes; 0 to keep none
   * @throws RequestException if it is negative
   */
  public PrefixCache(OnnxModel model, long limit) {
    if (limit < 0) {
      throw new RequestException("a limit of %s bytes is negative".formatted(limit));
    }
    this.model = model;
    this.cut = new StateCut(model);
    this.limit = limit;
  }

  /**
   * Continues a loop from the kept state that includes most of a prompt's tokens.
   *
   * @param loop a loop of one row over the cache's model, which has been fed nothing
   * @return the number of the prompt's tokens that the loop has now been fed, 0 if there is no such
   *     state. If it is the whole prompt, the loop has its logits; otherwise read them only after
   *     feeding the rest.
   * @throws RequestException if the loop is over another model, has several rows, or has been fed
   * @throws BusyException if another thread uses the loop
   * @throws ClosedException if the loop is closed
   */
  public synchronized int restore(TokenLoop loop, long[] prompt) {
    check(loop);
    if (loop.position() != 0) {
      throw new RequestException("the loop has been fed; only a new one can start from a prefix");
    }
    Optional<Entry> best = Optional.empty();
    int most = 0;
    for (var entry : usable(loop)) {
      int length = usable(entry, prompt);
      if (length > most) {
        most = length;
        best = Optional.of(entry);
      }
    }
    if (best.isEmpty()) {
      return 0;
    }
    var entry = best.get();
    touch(entry);
    boolean isWhole = most == entry.tokens.length;
    loop.restore(isWhole ? entry.state : cut.first(entry.state, most));
    return most;
  }

  /** How many tokens of a prompt a loop that continues from a state does not have to compute. */
  private int usable(Entry entry, long[] prompt) {
    int common = entry.common(prompt);
    if (common == entry.tokens.length) {
      return common;
    }
    return cut.isPossible(entry.overflow) ? Math.min(common, prompt.length - 1) : 0;
  }

  /**
   * The number of a prompt's first tokens after which a loop should be kept as well: there, the
   * prompt departs from an earlier one. 0 if there is no such point, or a state can be cut there.
   *
   * @param loop a loop of one row over the cache's model
   * @throws RequestException if the loop is over another model, or has several rows
   */
  public synchronized int departure(TokenLoop loop, long[] prompt) {
    check(loop);
    if (cut.isPossible(loop.options().contextOverflow())) {
      return 0;
    }
    int most = usable(loop).stream().mapToInt(entry -> entry.common(prompt)).max().orElse(0);
    return most < MIN_DEPARTURE || most >= prompt.length ? 0 : most;
  }

  /** The entries whose states fit a loop. */
  private List<Entry> usable(TokenLoop loop) {
    var options = loop.options();
    return options.inputs().isEmpty()
        ? entries.stream().filter(entry -> entry.overflow == options.contextOverflow()).toList()
        : List.of();
  }

  /**
   * Keeps a copy of a loop's state, unless it is kept already, is larger than the limit, depends on
   * further inputs, or no longer includes all tokens.
   *
   * @param loop a loop of one row over the cache's model
   * @throws RequestException if the loop is over another model, or has several rows
   * @throws BusyException if another thread uses the loop
   * @throws ClosedException if the loop is closed
   */
  public synchronized void keep(TokenLoop loop) {
    check(loop);
    boolean hasAll = loop.position() > 0 && loop.computed() == loop.position();
    boolean hasState = loop.calls().hasState() && loop.options().inputs().isEmpty();
    if (!hasAll || !hasState || loop.calls().stateBytes() > limit) {
      return;
    }
    var overflow = loop.options().contextOverflow();
    boolean cuts = cut.isPossible(overflow);
    var state = loop.state();
    long[] tokens = state.tokens()[0];
    if (tokens.length < state.position()) {
      return;
    }
    for (var entry : usable(loop)) {
      int common = entry.common(tokens);
      if (common == tokens.length && (cuts || entry.tokens.length == common)) {
        touch(entry);
        return;
      }
      if (cuts && common == entry.tokens.length) {
        drop(entry); // The new state includes it.
      }
    }
    var added = new Entry(overflow, tokens, cuts ? compact(state, tokens.length) : state);
    entries.add(added);
    bytes += added.bytes();
    while (bytes > limit) {
      drop(entries.get(0));
    }
  }

  /** Without unused slots, if they are worth a copy. */
  private LoopState compact(LoopState state, int n) {
    var compact = cut.first(state, n);
    return compact.bytes() < state.bytes() * 3 / 4 ? compact : state;
  }

  private void touch(Entry entry) {
    entries.remove(entry);
    entries.add(entry);
  }

  private void drop(Entry entry) {
    entries.remove(entry);
    bytes -= entry.bytes();
  }

  private void check(TokenLoop loop) {
    if (loop.options().model() != model || loop.batch() != 1) {
      throw new RequestException("only a loop of one row over the cache's own model can use it");
    }
  }

  /** The size of all kept states, in bytes. */
  public synchronized long bytes() {
    return bytes;
  }

  /** The number of kept states. */
  public synchronized int size() {
    return entries.size();
  }
}
