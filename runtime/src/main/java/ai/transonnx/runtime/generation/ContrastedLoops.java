package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.sampling.ContrastiveDecoding;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The rows of an expert and of an amateur, which are fed the same tokens. */
final class ContrastedLoops implements RowLoops {
  private final RowLoops expert;
  private final RowLoops amateur;
  private final ContrastiveDecoding contrast;
  private float[] subtracted = {};

  ContrastedLoops(RowLoops expert, RowLoops amateur, ContrastiveDecoding contrast) {
    this.expert = expert;
    this.amateur = amateur;
    this.contrast = contrast;
  }

  @Override
  public void feed(long[][] tokens, IntPredicate isStopped, Cancellation cancellation) {
    expert.feed(tokens, isStopped, cancellation);
    amateur.feed(tokens, isStopped, cancellation);
    if (expert.vocabulary() != amateur.vocabulary()) {
      throw new RequestException(
          "the model has %s logits and the amateur %s; both need the same vocabulary"
              .formatted(expert.vocabulary(), amateur.vocabulary()));
    }
  }

  @Override
  public void select(int... parents) {
    expert.select(parents);
    amateur.select(parents);
  }

  @Override
  public Optional<String> recomputing() {
    return expert.recomputing().or(amateur::recomputing);
  }

  @Override
  public int vocabulary() {
    return expert.vocabulary();
  }

  @Override
  public void logits(int row, float[] into) {
    if (subtracted.length != into.length) {
      subtracted = new float[into.length];
    }
    expert.logits(row, into);
    amateur.logits(row, subtracted);
    contrast.apply(into, subtracted);
  }

  @Override
  public void close() {
    expert.close();
    amateur.close();
  }
}
