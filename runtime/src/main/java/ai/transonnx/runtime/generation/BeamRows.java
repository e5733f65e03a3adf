package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.TokenVocabulary;
import ai.transonnx.runtime.TopKCountRounding;
import ai.transonnx.runtime.sampling.BeamChooser;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a beam search: selects from logits how each prompt's hypotheses continue, as {@code
 * beam_search} of x-transformers. Each hypothesis that has not ended is a row; those of a prompt
 * follow each other. For one thread.
 */
final class BeamRows {
  /**
   * A step.
   *
   * @param parents for each new row, the row of the last call that it continues
   * @param tokens [b, 1], the token to feed next to each new row
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Step(int[] parents, long[][] tokens) {}

  /** A hypothesis with another token, or one that has ended, whose token is -1. */
  private record Candidate(Hypothesis parent, int row, int token, double score) {}

  private final GenerationOptions options;
  private final TokenVocabulary vocabulary;
  private final TopKCountRounding rounding;
  private final Cancellation cancellation;
  private final TokenSelector selector;
  private final int width;
  private final Set<Long> stopTokens;
  private final List<Supplier<@Nullable RowText>> texts;
  private final List<List<Hypothesis>> prompts = new ArrayList<>();
  private float[] logits = {};
  private float[] changed = {};
  private @Nullable BeamChooser chooser;
  private int steps;

  /**
   * Prompts without new tokens.
   *
   * @param vocabulary the tokens that the model has embeddings of
   * @param rounding how the model's library rounds a fractional top-k
   */
  BeamRows(
      GenerationRequest request,
      TokenVocabulary vocabulary,
      TopKCountRounding rounding,
      Cancellation cancellation) {
    this.options = request.options();
    this.vocabulary = vocabulary;
    this.rounding = rounding;
    this.cancellation = cancellation;
    this.selector = options.selector().seeded();
    this.width = options.beams().orElseThrow();
    this.stopTokens = options.stopTokens(request.tokenizer().orElse(null));
    this.texts = IntStream.range(0, request.rows()).mapToObj(row -> texts(request, row)).toList();
    texts.forEach(text -> prompts.add(List.of(new Hypothesis(new GeneratedRow(text.get()), 0))));
  }

  private static Supplier<@Nullable RowText> texts(GenerationRequest request, int row) {
    var tokenizer = request.tokenizer().orElse(null);
    var prompt = request.prompt(row);
    return () ->
        tokenizer == null
            ? null
            : new RowText(tokenizer.decoder(prompt), request.options().stopTexts());
  }

  /** Whether there is another step. */
  boolean continues() {
    return steps < options.length()
        && !cancellation.isCancelled()
        && !prompts.stream().flatMap(List::stream).allMatch(Hypothesis::isStopped);
  }

  /**
   * Selects the hypotheses of each prompt: of all their continuations, those with the highest
   * scores.
   *
   * @param scored the number of logits per row
   * @param source reads the logits of a row
   * @throws ai.transonnx.runtime.TokenException if there is a next step and the model has a logit
   *     but no embedding for a selected token
   */
  Step step(int scored, GenerationRows.Logits source) {
    if (chooser == null) {
      logits = new float[scored];
      changed = new float[scored];
      chooser = selector.beamChooser(scored, prompts.size(), rounding);
    }
    var parents = IntStream.builder();
    var tokens = new ArrayList<long[]>();
    int row = 0;
    for (int prompt = 0; prompt < prompts.size(); prompt++) {
      var candidates = new ArrayList<Candidate>();
      for (var hypothesis : prompts.get(prompt)) {
        if (hypothesis.isStopped()) {
          candidates.add(new Candidate(hypothesis, -1, -1, hypothesis.score()));
        } else {
          source.read(row, logits);
          extend(prompt, hypothesis, row, chooser, candidates);
          row++;
        }
      }
      candidates.sort(Comparator.comparingDouble(Candidate::score).reversed());
      var best = candidates.subList(0, Math.min(width, candidates.size()));
      prompts.set(prompt, accept(prompt, best, parents, tokens));
    }
    steps++;
    if (continues()) {
      checkNext(tokens);
    }
    return new Step(parents.build().toArray(), tokens.toArray(long[][]::new));
  }

  /** Adds the likeliest continuations of a hypothesis, whose logits were read. */
  private void extend(
      int prompt, Hypothesis parent, int row, BeamChooser beams, List<Candidate> candidates) {
    System.arraycopy(logits, 0, changed, 0, logits.length);
    double normalizer = logSumExp();
    for (int token : beams.choose(prompt, changed, width)) {
      if (logits[token] != Float.NEGATIVE_INFINITY) {
        double score = parent.score() + logits[token] - normalizer;
        candidates.add(new Candidate(parent, row, token, score));
      }
    }
  }

  private double logSumExp() {
    double highest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      highest = Math.max(highest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - highest);
    }
    return highest + Math.log(sum);
  }

  private List<Hypothesis> accept(
      int prompt, List<Candidate> best, IntStream.Builder parents, List<long[]> tokens) {
    var kept = new ArrayList<Hypothesis>();
    for (int i = 0; i < best.size(); i++) {
      var candidate = best.get(i);
      if (candidate.token < 0) {
        kept.add(candidate.parent);
        continue;
      }
      boolean isLast =
          best.subList(i + 1, best.size()).stream().noneMatch(other -> other.row == candidate.row);
      var before = candidate.parent.row();
      var row = isLast ? before : before.copy(texts.get(prompt).get());
      row.append(candidate.token, stopTokens.contains((long) candidate.token));
      kept.add(new Hypothesis(row, candidate.score));
      if (!row.isStopped()) {
        parents.add(candidate.row);
        tokens.add(new long[] {candidate.token});
      }
    }
    return List.copyOf(kept);
  }

  private void checkNext(List<long[]> tokens) {
    for (long[] token : tokens) {
      if (!vocabulary.contains(token[0])) {
        throw vocabulary.refusal(token[0], "a beam, which has a logit but no embedding,");
      }
    }
  }

  /** Ends the search; a prompt's result is its best hypothesis. */
  Generation result(TokenListener listener) {
    var ending =
        steps >= options.length()
            ? FinishReason.LENGTH
            : cancellation.isExpired() ? FinishReason.DEADLINE : FinishReason.CANCELLED;
    prompts.forEach(hypotheses -> hypotheses.forEach(hypothesis -> hypothesis.row().end()));
    var beams =
        prompts.stream()
            .map(hypotheses -> hypotheses.stream().map(one -> one.result(ending)).toList())
            .toList();
    for (int row = 0; row < beams.size(); row++) {
      report(row, listener);
    }
    return Generation.ofBeams(beams, selector.seed());
  }

  private void report(int row, TokenListener listener) {
    var best = prompts.get(row).get(0).row();
    Arrays.stream(best.tokens()).forEach(token -> listener.onToken(row, token));
    best.text().filter(text -> !text.isEmpty()).ifPresent(text -> listener.onText(row, text));
  }
}
